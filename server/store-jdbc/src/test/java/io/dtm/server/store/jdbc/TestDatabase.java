package io.dtm.server.store.jdbc;

import io.dtm.testing.databases.DatabaseServer;
import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Databases on real servers, each server started once for all tests and ended with the JVM. */
enum TestDatabase {
  MARIADB {
    @Override
    DatabaseServer server() {
      return MariaDb.SERVER;
    }

    @Override
    String newDatabase() {
      var name = "dtm" + COUNT.incrementAndGet();
      MariaDb.SERVER.createDatabase(name);
      return MariaDb.SERVER.jdbcUrl(name);
    }
  },

  POSTGRESQL {
    @Override
    DatabaseServer server() {
      return PostgreSql.SERVER;
    }

    @Override
    String newDatabase() {
      var name = "dtm" + COUNT.incrementAndGet();
      PostgreSql.SERVER.createDatabase(name);
      return PostgreSql.SERVER.jdbcUrl(name);
    }
  };

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final class MariaDb {
    static final MariaDbServer SERVER = MariaDbServer.start();
  }

  private static final class PostgreSql {
    static final PostgreSqlServer SERVER = PostgreSqlServer.start();
  }

  abstract DatabaseServer server();

  /** The URL of an empty database. */
  abstract String newDatabase();

  static JdbcStoreConfig config(String url) {
    return JdbcStoreConfig.defaults(url, "", "");
  }

  /** Deletes all transactions and settings, if there are tables for them yet. */
  static void empty(String url) throws SQLException {
    try (var connection = DriverManager.getConnection(url)) {
      for (var table : List.of("dtm_transaction", "dtm_setting")) {
        if (hasTable(connection, table)) {
          execute(connection, "TRUNCATE TABLE " + table);
        }
      }
    }
  }

  private static boolean hasTable(Connection connection, String table) throws SQLException {
    try (var tables =
        connection.getMetaData().getTables(connection.getCatalog(), null, table, null)) {
      return tables.next();
    }
  }

  static void execute(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url)) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
