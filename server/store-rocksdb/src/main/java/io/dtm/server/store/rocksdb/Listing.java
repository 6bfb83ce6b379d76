package io.dtm.server.store.rocksdb;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Parking;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.store.kit.PagePosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Reads a listing newest first. There is a run of keys for each status and mode; the runs that
 * match are merged, so that a page costs the same whatever the filter, and wherever it begins.
 * Thread-safe.
 */
final class Listing {
  /** A page ends early when its transactions carry more, so that memory stays bounded. */
  private static final long PAGE_BYTES_MAX = 16L << 20;

  private static final byte[] START = {};

  private final TransactionReader transactions;

  Listing(TransactionReader transactions) {
    this.transactions = transactions;
  }

  TransactionPage page(Database database, TransactionFilter filter, String position, int limit)
      throws RocksDBException {
    if (filter.parked()) {
      return parked(database, filter, position, limit);
    }
    var first = start(filter, position);
    var last = end(filter);
    if (!Keys.isBefore(first, last)) {
      return new TransactionPage(List.of(), "");
    }
    var cursors = new ArrayList<Cursor>();
    try (var view = database.view()) {
      try {
        for (var status : statuses(filter)) {
          for (var mode : modes(filter)) {
            var start = Keys.listing(status, mode, first);
            var end = Keys.listing(status, mode, last);
            cursors.add(new Cursor(database, view, Table.LISTING, start, end));
          }
        }
        return merge(database, view, cursors, limit);
      } finally {
        cursors.forEach(Cursor::close);
      }
    }
  }

  /** The parked ones are a range of the due ones. */
  private TransactionPage parked(
      Database database, TransactionFilter filter, String position, int limit)
      throws RocksDBException {
    var start =
        position.isEmpty()
            ? Keys.firstAt(Parking.DUE_FROM)
            : Keys.after(PagePosition.PARKED.key(position, Keys::isTimeKey));
    var page = new ArrayList<GlobalTransaction>();
    byte[] last = {};
    long bytes = 0;
    try (var view = database.view();
        var cursor = new Cursor(database, view, Table.DUE, start, Keys.firstAt(Parking.DUE_TO))) {
      int lookedAt = 0;
      for (var key = cursor.key();
          key != null && lookedAt < limit && bytes < PAGE_BYTES_MAX;
          key = cursor.key()) {
        var stored = transactions.readByTime(database, view, key).map(Stored::transaction);
        bytes += stored.map(GlobalTransaction::payloadBytes).orElse(0L);
        stored.filter(filter::matches).ifPresent(page::add);
        last = key;
        lookedAt++;
        cursor.next();
      }
      return new TransactionPage(page, cursor.key() == null ? "" : PagePosition.PARKED.of(last));
    }
  }

  private TransactionPage merge(Database database, View view, List<Cursor> cursors, int limit)
      throws RocksDBException {
    var runs = new PriorityQueue<>(Comparator.comparing(Listing::place, Arrays::compareUnsigned));
    cursors.stream().filter(cursor -> cursor.key() != null).forEach(runs::add);
    var page = new ArrayList<GlobalTransaction>();
    byte[] last = {};
    long bytes = 0;
    while (!runs.isEmpty() && page.size() < limit && bytes < PAGE_BYTES_MAX) {
      var run = runs.remove();
      last = place(run);
      var stored = transactions.readIfReadable(database, view, Keys.gidOfPlace(last));
      bytes += stored.map(s -> s.transaction().payloadBytes()).orElse(0L);
      stored.ifPresent(s -> page.add(s.transaction()));
      run.next();
      if (run.key() != null) {
        runs.add(run);
      }
    }
    return new TransactionPage(page, runs.isEmpty() ? "" : PagePosition.TRANSACTION.of(last));
  }

  private static byte[] place(Cursor run) {
    return Keys.listingPlace(Objects.requireNonNull(run.key()));
  }

  /** The {@link Keys#listingPlace place} where the listing begins. */
  private static byte[] start(TransactionFilter filter, String position) {
    var newest = filter.createdTo();
    var start = newest == null ? START : Keys.firstPlaceAt(newest);
    if (position.isEmpty()) {
      return start;
    }
    var next = Keys.after(PagePosition.TRANSACTION.key(position, Keys::isPlace));
    return Keys.isBefore(start, next) ? next : start;
  }

  /** The place where the listing has ended. */
  private static byte[] end(TransactionFilter filter) {
    var oldest = filter.createdFrom();
    return oldest == null ? Keys.lastPlace() : Keys.lastPlaceAt(oldest);
  }

  private static List<TransactionStatus> statuses(TransactionFilter filter) {
    return only(filter.status(), TransactionStatus.values());
  }

  private static List<TransactionMode> modes(TransactionFilter filter) {
    return only(filter.mode(), TransactionMode.values());
  }

  private static <T> List<T> only(@Nullable T wanted, T[] all) {
    return wanted == null ? List.of(all) : List.of(wanted);
  }
}
