package io.dtm.server.store.jdbc;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore.DueTransactions;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.store.jdbc.TransactionTable.ChangedRow;
import io.dtm.server.store.kit.Micros;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Work on many unfinished transactions, found by their due time. Rows that others have locked are
 * left out, so nodes never wait for each other. Stateless.
 */
final class DueRows {
  /** A scan stops early when what it has found carries more, so that memory stays bounded. */
  private static final long BATCH_BYTES_MAX = 16L << 20;

  /** Rows that the driver holds at a time. */
  private static final int FETCH_ROWS = 64;

  /** Rows that a reset looks at: those under a lease are in between the others. */
  private static final int SCANNED_ROWS_MAX = 100_000;

  private final Dialect dialect;
  private final TransactionTable table;

  DueRows(Dialect dialect, TransactionTable table) {
    this.dialect = dialect;
    this.table = table;
  }

  DueTransactions claim(
      Connection connection, Instant now, int limit, UnaryOperator<GlobalTransaction> claim)
      throws SQLException {
    var claimed =
        limit > 0
            ? change(connection, lockDue(connection, now, limit), claim)
            : List.<GlobalTransaction>of();
    return new DueTransactions(claimed, firstDueAt(connection));
  }

  private List<GlobalTransaction> lockDue(Connection connection, Instant now, int limit)
      throws SQLException {
    var search = new Search("next_at <= ?", Micros.floor(now), limit);
    return lock(connection, search, limit, transaction -> true);
  }

  /** Unfinished rows, earliest first, as many as may be looked at. */
  private record Search(String condition, long bound, int rows) {}

  private List<GlobalTransaction> lock(
      Connection connection, Search search, long limit, Predicate<GlobalTransaction> wanted)
      throws SQLException {
    var found = new ArrayList<GlobalTransaction>();
    var sql =
        dialect.selectForUpdate(
            TransactionTable.RECORD_COLUMNS, "phase = 0 AND " + search.condition(), "next_at");
    try (var statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(FETCH_ROWS);
      new Values(statement).add(search.bound()).add(search.rows());
      try (var rows = statement.executeQuery()) {
        long bytes = 0;
        while (found.size() < limit && bytes < BATCH_BYTES_MAX && rows.next()) {
          var transaction = table.readIfReadable(rows).filter(wanted);
          bytes += transaction.map(GlobalTransaction::payloadBytes).orElse(0L);
          transaction.ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private List<GlobalTransaction> change(
      Connection connection, List<GlobalTransaction> found, UnaryOperator<GlobalTransaction> change)
      throws SQLException {
    var rows =
        found.stream()
            .map(before -> ChangedRow.of(new WriteCommand.Update(before, change.apply(before))))
            .toList();
    int changed = table.update(connection, rows);
    if (changed != rows.size()) {
      throw new IllegalStateException(
          "%d of %d locked rows were changed".formatted(changed, rows.size()));
    }
    return rows.stream().map(ChangedRow::after).toList();
  }

  private static @Nullable Instant firstDueAt(Connection connection) throws SQLException {
    try (var statement =
            connection.prepareStatement(
                "SELECT MIN(next_at) FROM dtm_transaction WHERE phase = 0");
        var rows = statement.executeQuery()) {
      long micros = rows.next() ? rows.getLong(1) : 0;
      return rows.wasNull() ? null : Micros.instant(micros);
    }
  }

  ResetOutcome makeDue(Connection connection, Instant now, Duration beyond, int limit)
      throws SQLException {
    long threshold = Micros.floor(Micros.plus(now, beyond));
    // One more than asked for tells whether some remain.
    var found =
        lock(
            connection,
            new Search("next_at > ?", threshold, SCANNED_ROWS_MAX),
            limit + 1L,
            transaction -> !transaction.schedule().isClaimed());
    int count = Math.min(limit, found.size());
    change(
        connection,
        found.subList(0, count),
        transaction -> transaction.withSchedule(transaction.schedule().due(now)).nextVersion(now));
    return new ResetOutcome(count, found.size() > count);
  }
}
