package io.dtm.barrier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.Locale;

/** How each kind of database is told to keep marks. */
public enum SqlDialect {
  /** MySQL, MariaDB, TDSQL, TiDB. */
  MYSQL("dtm_barrier.barrier") {
    @Override
    String insertInto(String table) {
      return "INSERT IGNORE INTO " + table + ROW;
    }

    // With a lock: a plain select would show the table as it was when the transaction began.
    @Override
    String selectReason(String table) {
      return super.selectReason(table) + " LOCK IN SHARE MODE";
    }
  },

  POSTGRESQL("dtm_barrier.barrier") {
    @Override
    String insertInto(String table) {
      return "INSERT INTO "
          + table
          + ROW
          + " ON CONFLICT (gid, branch_id, op, barrier_id) DO NOTHING";
    }
  },

  /** Not run against a server by us. The index leaves out what is there: {@code IGNORE_DUP_KEY}. */
  SQL_SERVER("dbo.barrier"),

  /** Not run against a server by us. */
  ORACLE("barrier"),

  /** For tests. */
  H2("dtm_barrier.barrier");

  private static final String ROW =
      " (trans_type, gid, branch_id, op, barrier_id, reason) VALUES (?, ?, ?, ?, ?, ?)";

  /** What databases call a unique key that is taken: the standard, SQL Server, Oracle. */
  private static final String UNIQUE_VIOLATION = "23505";

  private static final int SQL_SERVER_TAKEN_IN_INDEX = 2601;
  private static final int SQL_SERVER_TAKEN_IN_CONSTRAINT = 2627;
  private static final int ORACLE_TAKEN = 1;

  private final String defaultTable;

  SqlDialect(String defaultTable) {
    this.defaultTable = defaultTable;
  }

  /**
   * The dialect of the database that a connection leads to. Asks the driver, which knows without
   * asking the database.
   *
   * @throws IllegalArgumentException for a database of another kind
   */
  public static SqlDialect of(Connection connection) throws SQLException {
    return named(connection.getMetaData().getDatabaseProductName());
  }

  static SqlDialect named(String product) {
    var name = product.toLowerCase(Locale.ROOT);
    if (name.contains("mysql") || name.contains("mariadb") || name.contains("tidb")) {
      return MYSQL;
    }
    if (name.contains("postgresql")) {
      return POSTGRESQL;
    }
    if (name.contains("sql server")) {
      return SQL_SERVER;
    }
    if (name.startsWith("oracle")) {
      return ORACLE;
    }
    if (name.equals("h2")) {
      return H2;
    }
    throw new IllegalArgumentException(
        "database: '%s' (expected: MySQL, MariaDB, PostgreSQL, SQL Server, Oracle or H2; Barrier.on"
                .formatted(product)
            + " names the dialect of one that is only compatible)");
  }

  /** The statements that make the table, as a script: each ends with a semicolon and a line. */
  public String createScript() {
    var file = "barrier-" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".sql";
    try (var script = SqlDialect.class.getResourceAsStream(file)) {
      if (script == null) {
        throw new IllegalStateException(file + ": not on the class path (expected: in this jar)");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  String defaultTable() {
    return defaultTable;
  }

  String insertInto(String table) {
    return "INSERT INTO " + table + ROW;
  }

  String selectReason(String table) {
    return "SELECT reason FROM "
        + table
        + " WHERE gid = ? AND branch_id = ? AND op = ? AND barrier_id = ?";
  }

  /**
   * Whether an insert failed because its row is there. In the dialects that have no insert which
   * leaves out what is there, that failure undoes the insert and nothing else.
   */
  boolean isTaken(SQLException failure) {
    return switch (this) {
      case MYSQL, POSTGRESQL -> false;
      case H2 -> UNIQUE_VIOLATION.equals(failure.getSQLState());
      case ORACLE ->
          failure instanceof SQLIntegrityConstraintViolationException
              && failure.getErrorCode() == ORACLE_TAKEN;
      case SQL_SERVER ->
          failure.getErrorCode() == SQL_SERVER_TAKEN_IN_INDEX
              || failure.getErrorCode() == SQL_SERVER_TAKEN_IN_CONSTRAINT;
    };
  }
}
