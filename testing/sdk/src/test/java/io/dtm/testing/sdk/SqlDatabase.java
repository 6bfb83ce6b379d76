package io.dtm.testing.sdk;

import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.xa.PGXADataSource;

/**
 * A database of each kind with a barrier, orders, and an account of 1,000; started once for all
 * tests and ended with the JVM.
 */
enum SqlDatabase {
  H2(SqlDialect.H2, "SESSION_ID()", "CALL ABORT_SESSION(%s)") {
    @Override
    DataSource dataSource() {
      var database = new JdbcDataSource();
      database.setUrl("jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1");
      return database;
    }

    @Override
    XADataSource xaDataSource() {
      throw new UnsupportedOperationException("no XA by statements in H2");
    }
  },

  MARIADB(SqlDialect.MYSQL, "CONNECTION_ID()", "KILL %s") {
    @Override
    DataSource dataSource() throws SQLException {
      return new MariaDbDataSource(MariaDb.URL);
    }

    @Override
    XADataSource xaDataSource() throws SQLException {
      return new MariaDbDataSource(MariaDb.URL);
    }
  },

  POSTGRESQL(SqlDialect.POSTGRESQL, "pg_backend_pid()", "SELECT pg_terminate_backend(%s)") {
    @Override
    DataSource dataSource() {
      var database = new PGSimpleDataSource();
      database.setUrl(PostgreSql.URL);
      return database;
    }

    @Override
    XADataSource xaDataSource() {
      var database = new PGXADataSource();
      database.setUrl(PostgreSql.URL);
      return database;
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
  private final String session;
  private final String end;

  /**
   * @param session what tells a session its number
   * @param end ends the session of a number
   */
  SqlDatabase(SqlDialect dialect, String session, String end) {
    this.dialect = dialect;
    this.session = session;
    this.end = end;
  }

  abstract DataSource dataSource() throws SQLException;

  abstract XADataSource xaDataSource() throws SQLException;

  SqlDialect dialect() {
    return dialect;
  }

  /** Empty tables, but for the account. */
  void layOut() throws SQLException {
    for (var statement : dialect.createScript().split(";\n", -1)) {
      if (!statement.isBlank()) {
        execute(statement);
      }
    }
    execute("CREATE TABLE IF NOT EXISTS orders (item VARCHAR(20))");
    execute("CREATE TABLE IF NOT EXISTS account (balance BIGINT)");
    execute("DELETE FROM orders");
    execute("DELETE FROM account");
    execute("INSERT INTO account VALUES (%d)".formatted(OPENING));
  }

  /**
   * As when a server ends, or an administrator ends it: the connection finds out when it is used.
   */
  void endSession(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT " + session)) {
      row.next();
      execute(end.formatted(row.getString(1)));
    }
  }

  void execute(String sql) throws SQLException {
    try (var connection = dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of each row. */
  List<String> query(String sql) throws SQLException {
    try (var connection = dataSource().getConnection();
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
