package io.dtm.testing.databases;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A participant's database: one account, and the tables that its guard needs. Those on a server
 * share it with all tests of the JVM, which ends it. The driver is the test's. Thread-safe.
 */
public final class AccountDatabase {
  /** What {@code alice} has after {@link #layOut}. */
  public static final long OPENING = 1_000;

  private static final String NAME = "shop";

  private static final class MariaDb {
    static final AccountDatabase DATABASE = open();

    private static AccountDatabase open() {
      var server = MariaDbServer.start();
      server.createDatabase(NAME);
      return at(server.jdbcUrl(NAME));
    }
  }

  private static final class PostgreSql {
    static final AccountDatabase DATABASE = open();

    private static AccountDatabase open() {
      var server = PostgreSqlServer.start();
      server.createDatabase(NAME);
      return at(server.jdbcUrl(NAME));
    }
  }

  private final String url;

  private AccountDatabase(String url) {
    this.url = url;
  }

  /** Starts the server on first use. */
  public static AccountDatabase onMariaDb() {
    return MariaDb.DATABASE;
  }

  /** Starts the server on first use. */
  public static AccountDatabase onPostgreSql() {
    return PostgreSql.DATABASE;
  }

  /** One that is there already. */
  public static AccountDatabase at(String url) {
    return new AccountDatabase(url);
  }

  /** As a driver takes it, with user and password. */
  public String url() {
    return url;
  }

  /**
   * Empty tables and one account.
   *
   * @param script makes {@code dtm_barrier.barrier} where it is not there yet; statements end with
   *     a semicolon at the end of a line
   */
  public void layOut(String script) throws SQLException {
    for (var statement : script.split(";\n", -1)) {
      if (!statement.isBlank()) {
        execute(statement);
      }
    }
    execute(
        "DELETE FROM dtm_barrier.barrier",
        "CREATE TABLE IF NOT EXISTS account (name VARCHAR(20) PRIMARY KEY, balance BIGINT)",
        "DELETE FROM account",
        "INSERT INTO account VALUES ('alice', %d)".formatted(OPENING));
  }

  /** A new session, to be closed by whoever asked for it. */
  public Connection open() throws SQLException {
    return DriverManager.getConnection(url);
  }

  /** One after the other, in a session of their own. */
  public void execute(String... statements) throws SQLException {
    try (var connection = open()) {
      execute(connection, statements);
    }
  }

  /** One after the other, in a session that is open. */
  public static void execute(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of each row. */
  public List<String> query(String sql) throws SQLException {
    try (var connection = open();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(String.valueOf(rows.getString(1)));
      }
      return found;
    }
  }

  /**
   * How far the account is from where it began: what everybody sees who does not wait for locks.
   */
  public long change() throws SQLException {
    return Long.parseLong(query("SELECT balance FROM account").get(0)) - OPENING;
  }
}
