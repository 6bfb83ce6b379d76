package io.dtm.server.store.jdbc;

import io.dtm.server.core.Gid;
import io.dtm.testing.databases.DatabaseServer;
import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Databases on real servers. One server of each kind is started once for all tests and ended with
 * the JVM; a test that treats its server roughly starts one for itself.
 */
enum TestDatabase {
  MARIADB {
    @Override
    DatabaseServer server() {
      return MariaDb.SERVER;
    }

    @Override
    DatabaseServer start() {
      return MariaDbServer.start();
    }

    @Override
    String newDatabase(DatabaseServer server) {
      var name = newName();
      ((MariaDbServer) server).createDatabase(name);
      return ((MariaDbServer) server).jdbcUrl(name);
    }
  },

  POSTGRESQL {
    @Override
    DatabaseServer server() {
      return PostgreSql.SERVER;
    }

    @Override
    DatabaseServer start() {
      return PostgreSqlServer.start();
    }

    @Override
    String newDatabase(DatabaseServer server) {
      var name = newName();
      ((PostgreSqlServer) server).createDatabase(name);
      return ((PostgreSqlServer) server).jdbcUrl(name);
    }
  };

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int CONNECTIONS_MAX = 16;

  private static final class MariaDb {
    static final MariaDbServer SERVER = MariaDbServer.start();
  }

  private static final class PostgreSql {
    static final PostgreSqlServer SERVER = PostgreSqlServer.start();
  }

  /** The one that is shared. */
  abstract DatabaseServer server();

  /** Another one, to be closed by whoever asked for it. */
  abstract DatabaseServer start();

  /** The URL of an empty database. */
  abstract String newDatabase(DatabaseServer server);

  String newDatabase() {
    return newDatabase(server());
  }

  private static String newName() {
    return "dtm" + COUNT.incrementAndGet();
  }

  /** Connections are opened as they are needed: most tests need one. */
  static JdbcStoreConfig config(String url) {
    return JdbcStoreConfig.defaults(url, "", "")
        .withConnections(CONNECTIONS_MAX, 0, Duration.ofMinutes(5));
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

  static void execute(String url, String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(url)) {
      for (var sql : statements) {
        execute(connection, sql);
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Has the progress of some transactions be of format 99. */
  static void makeUnreadable(String url, List<Gid> gids) throws SQLException {
    for (var gid : gids) {
      execute(url, "UPDATE dtm_transaction SET progress = 'c' WHERE gid = '%s'".formatted(gid));
    }
  }

  /** The first column of every row. */
  static List<String> query(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(String.valueOf(rows.getString(1)));
      }
      return found;
    }
  }
}
