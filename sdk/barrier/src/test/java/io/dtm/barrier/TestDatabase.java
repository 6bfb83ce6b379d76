package io.dtm.barrier;

import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A database of each kind with a barrier and one account, started once for all tests and ended with
 * the JVM.
 */
enum TestDatabase {
  MARIADB(SqlDialect.MYSQL) {
    @Override
    String url() {
      return MariaDb.URL;
    }
  },

  POSTGRESQL(SqlDialect.POSTGRESQL) {
    @Override
    String url() {
      return PostgreSql.URL;
    }
  },

  H2(SqlDialect.H2) {
    @Override
    String url() {
      return "jdbc:h2:mem:barrier;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";
    }
  };

  static final long OPENING = 1_000;

  private static final class MariaDb {
    static final String URL = url();

    private static String url() {
      var server = MariaDbServer.start();
      server.createDatabase("shop");
      return server.jdbcUrl("shop");
    }
  }

  private static final class PostgreSql {
    static final String URL = url();

    private static String url() {
      var server = PostgreSqlServer.start();
      server.createDatabase("shop");
      return server.jdbcUrl("shop");
    }
  }

  private final SqlDialect dialect;

  TestDatabase(SqlDialect dialect) {
    this.dialect = dialect;
  }

  abstract String url();

  SqlDialect dialect() {
    return dialect;
  }

  /** With the tables of the script on the class path, empty, and one account. */
  void layOut() throws SQLException {
    for (var statement : dialect.createScript().split(";\n", -1)) {
      if (!statement.isBlank()) {
        execute(statement);
      }
    }
    execute("DELETE FROM dtm_barrier.barrier");
    execute("CREATE TABLE IF NOT EXISTS account (name VARCHAR(20) PRIMARY KEY, balance BIGINT)");
    execute("DELETE FROM account");
    execute("INSERT INTO account VALUES ('alice', %d)".formatted(OPENING));
  }

  Connection open() throws SQLException {
    return DriverManager.getConnection(url());
  }

  void execute(String sql) throws SQLException {
    try (var connection = open();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of each row. */
  List<String> query(String sql) throws SQLException {
    try (var connection = open();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
