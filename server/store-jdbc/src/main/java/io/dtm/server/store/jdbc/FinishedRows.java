package io.dtm.server.store.jdbc;

import io.dtm.server.core.TransactionStatus;
import io.dtm.server.store.kit.Micros;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes finished transactions. Rows that others have locked are left out, so that neither they
 * nor other nodes are waited for. Stateless.
 */
final class FinishedRows {
  private final Dialect dialect;

  FinishedRows(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Deletes the oldest of a status that ended before a time; says how many. */
  int delete(Connection connection, TransactionStatus status, Instant before, int limit)
      throws SQLException {
    var gids = lock(connection, status, before, limit);
    if (gids.isEmpty()) {
      return 0;
    }
    // MySQL would wait for locked rows if one statement did both.
    try (var statement = connection.prepareStatement("DELETE FROM dtm_transaction WHERE gid = ?")) {
      for (var gid : gids) {
        new Values(statement).add(gid);
        statement.addBatch();
      }
      statement.executeBatch();
    }
    return gids.size();
  }

  private List<String> lock(
      Connection connection, TransactionStatus status, Instant before, int limit)
      throws SQLException {
    var gids = new ArrayList<String>();
    var sql = dialect.selectForUpdate("gid", "phase = ? AND next_at < ?", "next_at");
    try (var statement = connection.prepareStatement(sql)) {
      new Values(statement).add(Columns.phase(status)).add(Micros.ceiling(before)).add(limit);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          gids.add(rows.getString(1));
        }
      }
    }
    return gids;
  }
}
