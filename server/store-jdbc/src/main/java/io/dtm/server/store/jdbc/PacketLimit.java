package io.dtm.server.store.jdbc;

import io.dtm.server.core.Gid;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How much a server takes in one packet. One that is sent more ends the connection, which would
 * look like a failure of the database, and be tried again and again. Thread-safe.
 */
final class PacketLimit {
  /** What a statement has beside the records of its rows, with room to spare. */
  private static final long BESIDE_BYTES_MAX = 64L << 10;

  /** So many bytes of records fit at any server: no one was ever delivered with less than 1 MiB. */
  static final long BYTES_ALWAYS = (1L << 20) - BESIDE_BYTES_MAX;

  private static final String TOO_LARGE = "54000";

  private final Dialect dialect;

  /** As it was when something large came along; servers may be told another while they run. */
  private volatile long bytesMax = BYTES_ALWAYS;

  PacketLimit(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Looks whether a row can be sent.
   *
   * @throws SQLException when it is too large; nothing was sent
   */
  void requireFits(Connection connection, Gid gid, long bytes) throws SQLException {
    if (bytes > bytesMax) {
      bytesMax = ask(connection);
    }
    if (bytes > bytesMax) {
      throw new SQLException(
          "%s: takes %d bytes (expected: at most %d, with which a statement has room in max_allowed_packet)"
              .formatted(gid, bytes, bytesMax),
          TOO_LARGE);
    }
  }

  private long ask(Connection connection) throws SQLException {
    var sql = dialect.packetBytesMax();
    if (sql.isEmpty()) {
      return Long.MAX_VALUE;
    }
    try (var statement = connection.prepareStatement(sql.get());
        var rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1) - BESIDE_BYTES_MAX;
    }
  }
}
