package io.dtm.server.store.jdbc;

import io.dtm.server.core.Parking;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.store.kit.Micros;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pages of parked transactions, in the order in which they were parked. They are a range of the
 * index of due times, so a page costs the same wherever it is. Stateless.
 */
final class ParkedRows {
  /*
   * The index knows no order among rows of the same microsecond, and asking for one by gid would
   * have some servers sort all that is parked. So rows are read in the order of time alone. Where
   * the reading stops among rows of one time, which of them were left out is anybody's guess: these
   * are read once more, by gid.
   */

  /** A page ends early when what it has read carries more, so that memory stays bounded. */
  private static final long PAGE_BYTES_MAX = 16L << 20;

  private static final Comparator<Key> ORDER =
      Comparator.comparingLong(Key::dueAt).thenComparing(Key::gidBytes, Arrays::compareUnsigned);

  private final Dialect dialect;
  private final TransactionTable table;

  ParkedRows(Dialect dialect, TransactionTable table) {
    this.dialect = dialect;
    this.table = table;
  }

  /** A row's place in the order of the listing, and what it carries. */
  private record Key(long dueAt, String gid, long bytes) {
    byte[] gidBytes() {
      return gid.getBytes(StandardCharsets.UTF_8);
    }
  }

  TransactionPage page(
      Connection connection, TransactionFilter filter, @Nullable Place after, int limit)
      throws SQLException {
    // One more than asked for tells whether a next page is worth asking for.
    var keys = keys(connection, after, limit + 1L);
    var taken = keys.subList(0, fitting(keys, limit));
    var found = table.findAll(connection, taken.stream().map(Key::gid).toList());
    var transactions =
        taken.stream()
            .map(key -> found.get(key.gid()))
            .filter(Objects::nonNull)
            .filter(filter::matches)
            .toList();
    if (taken.size() == keys.size()) {
      return new TransactionPage(transactions, "");
    }
    var last = taken.getLast();
    return new TransactionPage(transactions, Place.ofParked(last.dueAt(), last.gid()).position());
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

  private List<Key> keys(Connection connection, @Nullable Place after, long limit)
      throws SQLException {
    var keys = new ArrayList<Key>();
    long time = Micros.floor(Parking.DUE_FROM) - 1;
    if (after != null) {
      time = after.dueAt();
      keys.addAll(at(connection, time, after.second(), limit));
    }
    while (keys.size() < limit) {
      long wanted = limit - keys.size();
      var next = behind(connection, time, wanted);
      if (next.size() < wanted) {
        keys.addAll(next.stream().sorted(ORDER).toList());
        return keys;
      }
      long last = next.getLast().dueAt();
      keys.addAll(next.stream().filter(key -> key.dueAt() < last).sorted(ORDER).toList());
      keys.addAll(at(connection, last, "", limit - keys.size()));
      time = last;
    }
    return keys;
  }

  /** Those of one time, by gid. */
  private List<Key> at(Connection connection, long time, String after, long limit)
      throws SQLException {
    try (var statement = connection.prepareStatement(select("next_at = ? AND gid > ?", "gid"))) {
      return read(new Values(statement).add(time).add(after).add(limit));
    }
  }

  /** Those of later times, by time. */
  private List<Key> behind(Connection connection, long time, long limit) throws SQLException {
    try (var statement =
        connection.prepareStatement(select("next_at > ? AND next_at < ?", "next_at"))) {
      return read(new Values(statement).add(time).add(Micros.floor(Parking.DUE_TO)).add(limit));
    }
  }

  private String select(String condition, String order) {
    var columns =
        "next_at, gid, %s + %s AS bytes"
            .formatted(dialect.bytes("definition"), dialect.bytes("appended"));
    return dialect.selectByTime(
        columns, "phase = %d AND %s".formatted(Columns.OPEN, condition), order);
  }

  private static List<Key> read(Values values) throws SQLException {
    var keys = new ArrayList<Key>();
    try (var rows = values.executeQuery()) {
      while (rows.next()) {
        keys.add(new Key(rows.getLong(1), rows.getString(2), rows.getLong(3)));
      }
    }
    return keys;
  }
}
