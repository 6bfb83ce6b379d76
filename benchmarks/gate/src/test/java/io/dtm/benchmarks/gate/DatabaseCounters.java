package io.dtm.benchmarks.gate;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What an SQL database has counted since its start. Its own looks are among it. Not thread-safe.
 */
sealed interface DatabaseCounters extends AutoCloseable {

  /**
   * What has been counted.
   *
   * @param statements that read or write rows
   * @param commits that were made durable
   * @param bytes to and from the database; 0 where it does not tell
   */
  record Counts(long statements, long commits, long bytes) {
    Counts minus(Counts before) {
      return new Counts(
          statements - before.statements, commits - before.commits, bytes - before.bytes);
    }
  }

  Counts look() throws SQLException;

  @Override
  void close() throws SQLException;

  /** Commits are synced groups of the binary log's. */
  record MariaDb(Connection connection) implements DatabaseCounters {
    static MariaDb of(String jdbcUrl) throws SQLException {
      return new MariaDb(DriverManager.getConnection(jdbcUrl));
    }

    @Override
    public Counts look() throws SQLException {
      long statements = 0;
      long commits = 0;
      long bytes = 0;
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("SHOW GLOBAL STATUS")) {
        while (rows.next()) {
          switch (rows.getString(1).toLowerCase(Locale.ROOT)) {
            case "com_insert", "com_update", "com_delete", "com_select" ->
                statements += rows.getLong(2);
            case "binlog_group_commits" -> commits = rows.getLong(2);
            case "bytes_sent", "bytes_received" -> bytes += rows.getLong(2);
            default -> {}
          }
        }
      }
      return new Counts(statements, commits, bytes);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /**
   * Commits are transactions that have written something: each takes a number, and only those. All
   * other counters of PostgreSQL come late. Statements are those on the table of transactions.
   */
  record PostgreSql(Connection connection) implements DatabaseCounters {
    static PostgreSql of(String jdbcUrl) throws SQLException {
      var connection = DriverManager.getConnection(jdbcUrl);
      try (var statement = connection.createStatement()) {
        statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
      }
      return new PostgreSql(connection);
    }

    @Override
    public Counts look() throws SQLException {
      var sql =
          """
          SELECT SUM(calls), pg_snapshot_xmax(pg_current_snapshot())::text::bigint
          FROM pg_stat_statements WHERE query LIKE '%dtm_transaction%'
          """;
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(sql)) {
        rows.next();
        return new Counts(rows.getLong(1), rows.getLong(2), 0);
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
