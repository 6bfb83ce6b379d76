package io.dtm.server.store.jdbc;

import io.dtm.server.core.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema to the version that this server knows, under a lock of the database, so that
 * nodes may start side by side. A schema that a newer server has made is left alone.
 */
final class Migrations {
  /** The newest migration in our folders. */
  static final int VERSION = 1;

  private static final String HISTORY_TABLE = "dtm_schema_history";

  private Migrations() {}

  /**
   * Migrates.
   *
   * @throws DatabaseUnusable when the schema is newer than this server, damaged, or may not be
   *     changed by our user
   * @throws StoreUnavailable when the database cannot be reached
   */
  static void run(Database database, Dialect dialect, String schema) {
    dialect
        .migrations()
        .ifPresentOrElse(
            folder -> migrate(database, folder, schema), () -> requireTables(database));
  }

  private static void requireTables(Database database) {
    boolean isThere = database.read(connection -> hasTable(connection, "dtm_transaction"));
    if (!isThere) {
      throw new DatabaseUnusable(
          "%s: it has no table dtm_transaction (expected: the tables of the script for SQL Server,"
                  .formatted(database.name())
              + " see docs/stores.md)",
          null);
    }
  }

  private static void migrate(Database database, String folder, String schema) {
    int found = versionOf(database);
    if (found > VERSION) {
      throw new DatabaseUnusable(
          "%s: its schema has version %d (supported: up to %d); a newer server has made it"
              .formatted(database.name(), found, VERSION),
          null);
    }
    if (found == VERSION) {
      return;
    }
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
      throw new DatabaseUnusable(
          "%s: its schema cannot be brought up to date: %s"
              .formatted(database.name(), firstLine(e)),
          e);
    }
  }

  /** The newest migration that was made; 0: none. */
  private static int versionOf(Database database) {
    return database.read(connection -> {
      if (!hasTable(connection, HISTORY_TABLE)) {
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
    });
  }

  private static boolean hasTable(Connection connection, String table) throws SQLException {
    try (var tables =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), connection.getSchema(), table, null)) {
      return tables.next();
    }
  }

  private static String firstLine(FlywayException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
  }
}
