package io.dtm.xa;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/**
 * MySQL and MariaDB. A prepared branch belongs to its session until that ends, unless the server is
 * a MySQL from 8.0.29 on with {@code xa_detach_on_prepare}, its default.
 */
final class MySqlXa implements XaDialect {
  private static final int NAME_TAKEN = 1440;
  private static final int NAME_UNKNOWN = 1397;
  private static final int NAME_BYTES_MAX = 64;

  /** What a name without further words is given: the format of the Go client's branches. */
  private static final int FORMAT = 1;

  @Override
  public OptionalLong keeper(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (var setting = statement.executeQuery("SHOW VARIABLES LIKE 'xa_detach_on_prepare'")) {
        if (setting.next() && setting.getString(2).equalsIgnoreCase("ON")) {
          return OptionalLong.empty();
        }
      }
      try (var rows = statement.executeQuery("SELECT CONNECTION_ID()")) {
        rows.next();
        return OptionalLong.of(rows.getLong(1));
      }
    }
  }

  @Override
  public boolean isAlive(Connection connection, long session) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT SLEEP(0.001) FROM information_schema.processlist WHERE id = " + session)) {
      return rows.next();
    }
  }

  @Override
  public boolean begin(Connection connection, String xid) throws SQLException {
    try {
      execute(connection, "XA START " + literal(xid));
      return true;
    } catch (SQLException e) {
      if (e.getErrorCode() == NAME_TAKEN) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void prepare(Connection connection, String xid) throws SQLException {
    execute(connection, "XA END " + literal(xid));
    execute(connection, "XA PREPARE " + literal(xid));
  }

  @Override
  public void abandon(Connection connection, String xid) throws SQLException {
    try {
      execute(connection, "XA END " + literal(xid));
    } catch (SQLException ended) {
      // Already ended, or only to be rolled back any more, after a deadlock for one.
    }
    execute(connection, "XA ROLLBACK " + literal(xid));
  }

  @Override
  public boolean commit(Connection connection, String xid) throws SQLException {
    return end(connection, "XA COMMIT ", xid);
  }

  @Override
  public boolean rollback(Connection connection, String xid) throws SQLException {
    return end(connection, "XA ROLLBACK ", xid);
  }

  @Override
  public List<String> prepared(Connection connection, int limit) throws SQLException {
    var names = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("XA RECOVER")) {
      while (rows.next() && names.size() < limit) {
        if (rows.getLong("formatID") == FORMAT && rows.getInt("bqual_length") == 0) {
          names.add(rows.getString("data"));
        }
      }
    }
    return names;
  }

  @Override
  public boolean isPrepared(Connection connection, String xid) throws SQLException {
    return prepared(connection, Integer.MAX_VALUE).contains(xid);
  }

  @Override
  public boolean isKept(Connection connection, String xid) throws SQLException {
    return keeper(connection).isPresent() && isPrepared(connection, xid);
  }

  private static boolean end(Connection connection, String how, String xid) throws SQLException {
    try {
      execute(connection, how + literal(xid));
      return true;
    } catch (SQLException e) {
      if (e.getErrorCode() == NAME_UNKNOWN) {
        return false;
      }
      throw e;
    }
  }

  /** In hexadecimal, so that no gid is read as anything but a name. */
  private static String literal(String xid) {
    var bytes = xid.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > NAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "gid and branch '%s': %d bytes (expected: %d at most in MySQL)"
              .formatted(xid, bytes.length, NAME_BYTES_MAX));
    }
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
