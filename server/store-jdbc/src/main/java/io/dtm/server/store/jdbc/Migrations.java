package io.dtm.server.store.jdbc;

import io.dtm.server.core.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema to the version that this server knows, under a lock of the database, so that
 * nodes may start side by side. A schema that a newer server has made is left alone.
 */
final class Migrations {
  /** The newest migration in our folders. */
  static final int VERSION = 1;

  private static final String HISTORY_TABLE = "dtm_schema_history";

  /** The library uses up to three side by side. */
  private static final int CONNECTIONS_MAX = 4;

  /** A statement that changes a large table takes its time, and may wait for another node's. */
  private static final Duration STATEMENT_TIMEOUT = Duration.ofHours(6);

  private Migrations() {}

  /** As many as this needs, none of them kept. */
  static JdbcStoreConfig withFewConnections(JdbcStoreConfig config) {
    return config.withConnections(CONNECTIONS_MAX, 0, config.connectionLifetime());
  }

  /**
   * Migrates.
   *
   * @throws DatabaseUnusable when the schema is newer than this server, damaged, or may not be
   *     changed by our user
   * @throws StoreUnavailable when the database cannot be reached
   */
  static void run(Database database, Dialect dialect, JdbcStoreConfig config) {
    var folder = dialect.migrations();
    if (folder.isEmpty()) {
      requireTables(database);
    } else if (versionOf(database, config.schema()) < VERSION) {
      var patient =
          withFewConnections(config).withTimeouts(config.connectTimeout(), STATEMENT_TIMEOUT);
      try (var migrated = new Database(patient, dialect, STATEMENT_TIMEOUT)) {
        migrated.<@Nullable Void>read(connection -> {
          lock(connection, dialect);
          if (newestOf(connection, config.schema()) < VERSION) {
            migrate(migrated, folder.get(), config.schema());
          }
          return null;
        });
      }
    }
  }

  /**
   * Keeps other nodes out until the connection is closed. The library has a lock of its own, but
   * takes it only when its table of history is there.
   */
  private static void lock(Connection connection, Dialect dialect) throws SQLException {
    try (var statement = connection.prepareStatement(dialect.migrationLock())) {
      statement.executeQuery().close();
    }
  }

  private static void requireTables(Database database) {
    boolean isThere = database.read(connection -> hasTable(connection, "", "dtm_transaction"));
    if (!isThere) {
      throw new DatabaseUnusable(
          "%s: it has no table dtm_transaction (expected: the tables of the script for SQL Server,"
                  .formatted(database.name())
              + " see docs/stores.md)",
          null);
    }
  }

  private static void migrate(Database database, String folder, String schema) {
    try {
      var configuration =
          Flyway.configure(Migrations.class.getClassLoader())
              .dataSource(database.dataSource())
              .locations("classpath:io/dtm/server/store/jdbc/" + folder)
              .table(HISTORY_TABLE)
              // Others may have tables there, the reference above all.
              .baselineOnMigrate(true)
              .baselineVersion("0");
      if (!schema.isEmpty()) {
        configuration.defaultSchema(schema).schemas(schema).createSchemas(true);
      }
      configuration.load().migrate();
    } catch (FlywayException e) {
      var failure = failure(e);
      if (failure != null && failure.isOfConnection()) {
        throw database.unavailable(failure);
      }
      throw new DatabaseUnusable(
          "%s: its schema cannot be brought up to date: %s"
              .formatted(database.name(), firstLine(e)),
          e);
    }
  }

  /** The newest migration that was made, at most ours; 0: none. */
  private static int versionOf(Database database, String schema) {
    int found = database.read(connection -> newestOf(connection, schema));
    if (found > VERSION) {
      throw new DatabaseUnusable(
          "%s: its schema has version %d (supported: up to %d); a newer server has made it"
              .formatted(database.name(), found, VERSION),
          null);
    }
    return found;
  }

  private static int newestOf(Connection connection, String schema) throws SQLException {
    if (!hasTable(connection, schema, HISTORY_TABLE)) {
      return 0;
    }
    // Read here, not with the library: most starts have nothing to migrate.
    var sql = "SELECT version FROM %s WHERE success".formatted(HISTORY_TABLE);
    try (var statement = connection.prepareStatement(sql);
        var rows = statement.executeQuery()) {
      int newest = 0;
      while (rows.next()) {
        var version = rows.getString(1);
        newest = Math.max(newest, version == null ? 0 : Integer.parseInt(version));
      }
      return newest;
    }
  }

  /** A schema that is not there yet is not the current one: it has to be asked for by name. */
  private static boolean hasTable(Connection connection, String schema, String table)
      throws SQLException {
    var home = schema.isEmpty() ? connection.getSchema() : schema;
    try (var tables =
        connection.getMetaData().getTables(connection.getCatalog(), home, table, null)) {
      return tables.next();
    }
  }

  private static @Nullable SqlFailure failure(FlywayException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException failure) {
        return SqlFailure.of(failure, false);
      }
    }
    return null;
  }

  private static String firstLine(FlywayException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
  }
}
