package io.dtm.xa;

import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.XADataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

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

    @Override
    XADataSource xaDataSource() throws SQLException {
      return new MariaDbDataSource(url());
    }

    @Override
    String prepare(String xid) {
      return "XA START '%s'; UPDATE account SET balance = balance - 7; XA END '%s'; XA PREPARE '%s'"
          .formatted(xid, xid, xid);
    }

    @Override
    String rollback(String xid) {
      return "XA ROLLBACK '%s'".formatted(xid);
    }
  },

  POSTGRESQL(SqlDialect.POSTGRESQL) {
    @Override
    String url() {
      return PostgreSql.URL;
    }

    @Override
    XADataSource xaDataSource() {
      var dataSource = new PGXADataSource();
      dataSource.setUrl(url());
      return dataSource;
    }

    @Override
    String prepare(String xid) {
      return "BEGIN; UPDATE account SET balance = balance - 7; PREPARE TRANSACTION '%s'"
          .formatted(xid);
    }

    @Override
    String rollback(String xid) {
      return "ROLLBACK PREPARED '%s'".formatted(xid);
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

  abstract XADataSource xaDataSource() throws SQLException;

  /** What the Go client executes, one statement after the other, to take 7 from the account. */
  abstract String prepare(String xid);

  abstract String rollback(String xid);

  SqlDialect dialect() {
    return dialect;
  }

  /** Empty tables and one account. */
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
    try (var connection = open()) {
      execute(connection, sql);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var one : sql.split("; ", -1)) {
        statement.execute(one);
      }
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
