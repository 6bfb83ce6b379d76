package io.dtm.workflow.xa;

import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.XADataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

/** A real database of each kind with one account, started with its first test. */
enum Database {
  MARIADB(
      SqlDialect.MYSQL,
      () -> {
        var server = MariaDbServer.start();
        server.createDatabase("shop");
        return server.jdbcUrl("shop");
      }) {
    @Override
    XADataSource xaDataSource() throws SQLException {
      return new MariaDbDataSource(url());
    }
  },

  POSTGRESQL(
      SqlDialect.POSTGRESQL,
      () -> {
        var server = PostgreSqlServer.start();
        server.createDatabase("shop");
        return server.jdbcUrl("shop");
      }) {
    @Override
    XADataSource xaDataSource() {
      var dataSource = new PGXADataSource();
      dataSource.setUrl(url());
      return dataSource;
    }
  };

  static final int OPENING = 100;

  private final SqlDialect dialect;
  private final Supplier<String> start;
  private String url = "";

  Database(SqlDialect dialect, Supplier<String> start) {
    this.dialect = dialect;
    this.start = start;
  }

  abstract XADataSource xaDataSource() throws SQLException;

  SqlDialect dialect() {
    return dialect;
  }

  synchronized String url() {
    if (url.isEmpty()) {
      url = start.get();
    }
    return url;
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

  /** What others see. */
  long balance() throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT balance FROM account WHERE name = 'alice'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  static void take(Connection connection, int amount) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("UPDATE account SET balance = balance - " + amount);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
