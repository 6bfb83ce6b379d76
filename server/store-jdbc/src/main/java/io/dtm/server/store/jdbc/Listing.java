package io.dtm.server.store.jdbc;

import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.kit.Words;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Pages of transactions, newest first. The index is ordered within a status, so a page over several
 * is merged out of the first rows of each: its cost does not depend on how deep it is. Stateless.
 */
final class Listing {
  /** A page ends early when what it has read carries more, so that memory stays bounded. */
  private static final long PAGE_BYTES_MAX = 16L << 20;

  private final Dialect dialect;
  private final TransactionTable table;

  Listing(Dialect dialect, TransactionTable table) {
    this.dialect = dialect;
    this.table = table;
  }

  /** A row's place in the order of the listing, and what it carries. */
  private record Key(long createdAt, String gid, long bytes) {}

  TransactionPage page(
      Connection connection, TransactionFilter filter, @Nullable Place after, int limit)
      throws SQLException {
    // One more than asked for tells whether a next page is worth asking for.
    var keys = keys(connection, filter, after, limit + 1L);
    var taken = keys.subList(0, fitting(keys, limit));
    var found = table.findAll(connection, taken.stream().map(Key::gid).toList());
    var transactions =
        taken.stream().map(key -> found.get(key.gid())).filter(Objects::nonNull).toList();
    if (taken.size() == keys.size()) {
      return new TransactionPage(transactions, "");
    }
    var last = taken.getLast();
    return new TransactionPage(transactions, Place.of(last.createdAt(), last.gid()).position());
  }

  /** How many of them one page holds: at least one. */
  private static int fitting(List<Key> keys, int limit) {
    int count = 0;
    long bytes = 0;
    while (count < Math.min(limit, keys.size()) && bytes < PAGE_BYTES_MAX) {
      bytes += keys.get(count).bytes();
      count++;
    }
    return count;
  }

  private List<Key> keys(
      Connection connection, TransactionFilter filter, @Nullable Place after, long limit)
      throws SQLException {
    var conditions = conditions(filter, after);
    var statuses =
        filter.status() == null ? List.of(TransactionStatus.values()) : List.of(filter.status());
    var columns =
        "created_at, gid, %s + %s AS bytes"
            .formatted(dialect.bytes("definition"), dialect.bytes("appended"));
    var ofOneStatus =
        dialect.select(columns, String.join(" AND ", conditions), "created_at DESC, gid DESC");
    var sql =
        IntStream.range(0, statuses.size())
                .mapToObj(i -> "SELECT * FROM (%s) s%d".formatted(ofOneStatus, i))
                .collect(Collectors.joining(" UNION ALL "))
            + " ORDER BY 1 DESC, 2 DESC";
    try (var statement = connection.prepareStatement(sql)) {
      var values = new Values(statement);
      for (var status : statuses) {
        values.add(Words.of(status));
        addConditions(values, filter, after);
        values.add(limit);
      }
      try (var rows = statement.executeQuery()) {
        var keys = new ArrayList<Key>();
        while (keys.size() < limit && rows.next()) {
          keys.add(new Key(rows.getLong(1), rows.getString(2), rows.getLong(3)));
        }
        return keys;
      }
    }
  }

  private static List<String> conditions(TransactionFilter filter, @Nullable Place after) {
    var conditions = new ArrayList<String>();
    conditions.add("status = ?");
    if (filter.createdFrom() != null) {
      conditions.add("created_at >= ?");
    }
    if (filter.createdTo() != null) {
      conditions.add("created_at <= ?");
    }
    if (filter.mode() != null) {
      conditions.add("mode = ?");
    }
    if (after != null) {
      // The first part alone lets the index be entered at the right place.
      conditions.add("created_at <= ? AND (created_at < ? OR gid < ?)");
    }
    return conditions;
  }

  private static void addConditions(Values values, TransactionFilter filter, @Nullable Place after)
      throws SQLException {
    if (filter.createdFrom() != null) {
      values.add(Micros.ceiling(filter.createdFrom()));
    }
    if (filter.createdTo() != null) {
      values.add(Micros.floor(filter.createdTo()));
    }
    if (filter.mode() != null) {
      values.add(Words.of(filter.mode()));
    }
    if (after != null) {
      values.add(after.createdAt()).add(after.createdAt()).add(after.second());
    }
  }
}
