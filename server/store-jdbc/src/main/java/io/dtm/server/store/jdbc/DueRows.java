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
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Work on many unfinished transactions, found by their due time. Rows that others have locked are
 * left out, so nodes never wait for each other. Stateless.
 */
final class DueRows {
  /** A scan stops early when what it has found carries more, so that memory stays bounded. */
  private static final long BATCH_BYTES_MAX = 16L << 20;

  /** Rows that the driver holds at a time, and that a claim locks at a time. */
  private static final int FETCH_ROWS = 64;

  /** How long a row that cannot be read is left alone, so that it holds up no other. */
  private static final Duration UNREADABLE_PAUSE = Duration.ofSeconds(10);

  private final Dialect dialect;
  private final TransactionTable table;

  DueRows(Dialect dialect, TransactionTable table) {
    this.dialect = dialect;
    this.table = table;
  }

  DueTransactions claim(
      Connection connection, Instant now, int limit, UnaryOperator<GlobalTransaction> claim)
      throws SQLException {
    var claimed = new ArrayList<GlobalTransaction>();
    long bytes = 0;
    boolean hasMore = true;
    // A part at a time: MySQL sends every row that a statement asked for, wanted or not.
    while (hasMore && claimed.size() < limit && bytes < BATCH_BYTES_MAX) {
      int count = Math.min(FETCH_ROWS, limit - claimed.size());
      var search = new Search("next_at <= ?", Micros.floor(now), count);
      var found = lock(connection, search, BATCH_BYTES_MAX - bytes);
      claimed.addAll(change(connection, found.transactions(), claim));
      postpone(connection, found.unreadable(), now);
      bytes += found.bytes();
      hasMore = found.count() == count;
    }
    return new DueTransactions(claimed, firstDueAt(connection));
  }

  /** What was locked; of what cannot be read the gids, which may be none. */
  private record Found(List<GlobalTransaction> transactions, List<String> unreadable, long bytes) {
    int count() {
      return transactions.size() + unreadable.size();
    }
  }

  private static void postpone(Connection connection, List<String> unreadable, Instant now)
      throws SQLException {
    var sql = "UPDATE dtm_transaction SET next_at = ? WHERE gid = ?";
    for (var gid : unreadable) {
      try (var statement = connection.prepareStatement(sql)) {
        new Values(statement).add(Micros.floor(now.plus(UNREADABLE_PAUSE))).add(gid);
        statement.executeUpdate();
      }
    }
  }

  /** Unfinished rows, earliest first, as many as may be looked at. */
  private record Search(String condition, long bound, int rows) {}

  private Found lock(Connection connection, Search search, long bytesMax) throws SQLException {
    var found = new ArrayList<GlobalTransaction>();
    var unreadable = new ArrayList<String>();
    long bytes = 0;
    var sql =
        dialect.selectForUpdate(
            TransactionTable.RECORD_COLUMNS, "phase = 0 AND " + search.condition(), "next_at");
    try (var statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(FETCH_ROWS);
      new Values(statement).add(search.bound()).add(search.rows());
      try (var rows = statement.executeQuery()) {
        while (bytes < bytesMax && rows.next()) {
          var transaction = table.readIfReadable(rows);
          if (transaction.isEmpty()) {
            unreadable.add(rows.getString(1));
          } else {
            found.add(transaction.get());
            bytes += transaction.get().payloadBytes();
          }
        }
      }
    }
    return new Found(found, unreadable, bytes);
  }

  private List<GlobalTransaction> change(
      Connection connection, List<GlobalTransaction> found, UnaryOperator<GlobalTransaction> change)
      throws SQLException {
    var rows =
        found.stream()
            .map(before -> ChangedRow.of(new WriteCommand.Update(before, change.apply(before))))
            .toList();
    var changed = table.update(connection, rows);
    if (changed == null || !IntStream.range(0, rows.size()).allMatch(i -> changed[i])) {
      throw new IllegalStateException(
          "of %d locked rows some were not changed: their columns and records disagree (%s)"
              .formatted(rows.size(), rows.stream().map(row -> row.after().gid()).toList()));
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
    var found = readable(connection, threshold, limit + 1);
    int count = Math.min(limit, found.size());
    change(
        connection,
        found.subList(0, count),
        transaction -> transaction.withSchedule(transaction.schedule().due(now)).nextVersion(now));
    return new ResetOutcome(count, found.size() > count);
  }

  /** Free rows beyond a time, more of them where some cannot be read and would fill all places. */
  private List<GlobalTransaction> readable(Connection connection, long beyond, int wanted)
      throws SQLException {
    int rows = wanted;
    while (true) {
      var search = new Search("claimed = 0 AND next_at > ?", beyond, rows);
      var found = lock(connection, search, BATCH_BYTES_MAX);
      int missing = wanted - found.transactions().size();
      if (missing <= 0 || found.count() < rows || found.bytes() >= BATCH_BYTES_MAX) {
        return found.transactions();
      }
      rows += Math.max(missing, FETCH_ROWS);
    }
  }
}
