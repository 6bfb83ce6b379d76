package io.dtm.xa;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** PostgreSQL, where {@code max_prepared_transactions} must be more than zero. */
final class PostgreSqlXa implements XaDialect {
  private static final String NAME_UNKNOWN = "42704";
  private static final int NAME_BYTES_MAX = 199;

  @Override
  public OptionalLong keeper(Connection connection) {
    return OptionalLong.empty();
  }

  @Override
  public boolean isAlive(Connection connection, long session) {
    return false;
  }

  /**
   * Looks first: the name is checked by the database in the end only, and until then the branch
   * would wait for the mark that the other has set.
   */
  @Override
  public boolean begin(Connection connection, String xid) throws SQLException {
    requireFits(xid);
    if (isPrepared(connection, xid)) {
      return false;
    }
    connection.setAutoCommit(false);
    return true;
  }

  @Override
  public void prepare(Connection connection, String xid) throws SQLException {
    // Refused in a transaction that has failed, which to prepare would roll back without a word.
    execute(connection, "SELECT 1");
    execute(connection, "PREPARE TRANSACTION " + literal(xid));
    connection.setAutoCommit(true);
  }

  @Override
  public void abandon(Connection connection, String xid) throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
  }

  @Override
  public boolean commit(Connection connection, String xid) throws SQLException {
    return end(connection, "COMMIT PREPARED ", xid);
  }

  @Override
  public boolean rollback(Connection connection, String xid) throws SQLException {
    return end(connection, "ROLLBACK PREPARED ", xid);
  }

  @Override
  public List<String> prepared(Connection connection, int limit) throws SQLException {
    var names = new ArrayList<String>();
    try (var statement =
        connection.prepareStatement(
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"
                + " ORDER BY prepared LIMIT ?")) {
      statement.setInt(1, limit);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  @Override
  public boolean isPrepared(Connection connection, String xid) throws SQLException {
    try (var statement =
        connection.prepareStatement("SELECT 1 FROM pg_prepared_xacts WHERE gid = ?")) {
      statement.setString(1, xid);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  @Override
  public boolean isKept(Connection connection, String xid) {
    return false;
  }

  private static boolean end(Connection connection, String how, String xid) throws SQLException {
    try {
      execute(connection, how + literal(xid));
      return true;
    } catch (SQLException e) {
      if (NAME_UNKNOWN.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** The database takes no parameter here. Backslashes mean themselves in an ordinary literal. */
  private static String literal(String xid) {
    return "'" + xid.replace("'", "''") + "'";
  }

  private static void requireFits(String xid) {
    var length = xid.getBytes(StandardCharsets.UTF_8).length;
    if (length > NAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "gid and branch '%s': %d bytes (expected: %d at most in PostgreSQL)"
              .formatted(xid, length, NAME_BYTES_MAX));
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
