package io.dtm.server.store.rocksdb;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.DueTransactions;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.store.kit.Head;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.kit.RecordCodec;
import io.dtm.server.store.kit.RecordUnreadable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Work on many transactions at a time, found by their due time or their end: claims, resets,
 * deletion. Thread-safe.
 *
 * <p>All of it reads from a view without holding the write lock, then takes the lock and changes
 * what is still as it was read: a key of a time index has the version of its transaction in it, so
 * as long as the key is there nothing else has changed. Nothing is written durably; what a crash
 * undoes is found again.
 */
final class Scans {
  /** A scan stops early when what it has found carries more, so that memory stays bounded. */
  private static final long BATCH_BYTES_MAX = 16L << 20;

  /** Changes in one write of a sweep over many transactions, so that no writer waits for long. */
  private static final int SWEEP_WRITE_MAX = 1_000;

  private static final byte[] START = {};

  private final WriteLock writeLock;
  private final TimeIndexes indexes;
  private final TimeIndex due;
  private final TransactionTables tables;
  private final TransactionReader reader;

  /** One claim after the other, else they would all find the same ones and leave the rest. */
  private final ReentrantLock claimLock = new ReentrantLock();

  private final ReentrantLock deletionLock = new ReentrantLock();

  Scans(
      WriteLock writeLock,
      TimeIndexes indexes,
      TransactionTables tables,
      TransactionReader reader) {
    this.writeLock = writeLock;
    this.indexes = indexes;
    this.due = indexes.due();
    this.tables = tables;
    this.reader = reader;
  }

  DueTransactions claimDue(
      Database database, Instant now, int limit, UnaryOperator<GlobalTransaction> claim)
      throws RocksDBException {
    claimLock.lock();
    try (var scan = writeLock.holding(() -> due.scan(database))) {
      var end = Keys.lastAt(now);
      var found = new ArrayList<Stored>();
      long bytes = 0;
      for (var key = scan.keyBefore(end);
          key != null && found.size() < limit && bytes < BATCH_BYTES_MAX;
          key = scan.keyBefore(end)) {
        var stored = reader.readByTime(database, scan.view(), key);
        bytes += stored.map(s -> s.transaction().payloadBytes()).orElse(0L);
        stored.ifPresent(found::add);
        scan.next();
      }
      var next = scan.key();
      return writeLock.holding(() -> {
        var claimed = change(database, found, claim);
        due.scanned(next);
        return new DueTransactions(claimed, due.firstTime());
      });
    } finally {
      claimLock.unlock();
    }
  }

  ResetOutcome makeDue(Database database, Instant now, Duration beyond, int limit)
      throws RocksDBException {
    var found = new ArrayList<Stored>();
    long bytes = 0;
    boolean hasRemaining = false;
    try (var view = database.view();
        var cursor =
            new Cursor(database, view, Table.DUE, Keys.lastAt(Micros.plus(now, beyond)), null)) {
      for (var key = cursor.key(); key != null && !hasRemaining; key = cursor.key()) {
        if (!TransactionTables.isLeased(cursor.value())) {
          if (found.size() == limit || bytes >= BATCH_BYTES_MAX) {
            hasRemaining = true;
          } else {
            var stored = reader.readByTime(database, view, key);
            bytes += stored.map(s -> s.transaction().payloadBytes()).orElse(0L);
            stored.ifPresent(found::add);
          }
        }
        cursor.next();
      }
    }
    var changed =
        writeLock.holding(() ->
            change(database, found, t -> t.withSchedule(t.schedule().due(now)).nextVersion(now)));
    return new ResetOutcome(changed.size(), hasRemaining);
  }

  /** Writes the next version of those that nobody has changed since they were read. */
  private List<GlobalTransaction> change(
      Database database, List<Stored> found, UnaryOperator<GlobalTransaction> change)
      throws RocksDBException {
    var changed = new ArrayList<GlobalTransaction>();
    try (var batch = new WriteBatch()) {
      for (var stored : found) {
        var gid = Keys.gid(stored.transaction().gid());
        if (due.has(database, TransactionTables.timeKey(stored.head(), gid))) {
          var next = change.apply(stored.transaction());
          tables.put(database, batch, stored.head(), next, false);
          changed.add(next);
        }
      }
      if (batch.count() > 0) {
        database.write(batch);
      }
    }
    return changed;
  }

  int deleteFinished(Database database, TransactionStatus status, Instant finishedBefore, int limit)
      throws RocksDBException {
    var finished = indexes.of(status);
    deletionLock.lock();
    try {
      var endKey = Keys.firstAt(finishedBefore);
      int deleted = 0;
      boolean isAtEnd = false;
      while (deleted < limit && !isAtEnd) {
        try (var scan = writeLock.holding(() -> finished.scan(database))) {
          var heads =
              firstHeads(database, scan, endKey, Math.min(SWEEP_WRITE_MAX, limit - deleted));
          isAtEnd = scan.keyBefore(endKey) == null;
          var next = scan.key();
          deleted +=
              writeLock.holding(() -> {
                int count = delete(database, finished, heads);
                finished.scanned(next);
                return count;
              });
        }
      }
      return deleted;
    } finally {
      deletionLock.unlock();
    }
  }

  /** The heads of the first transactions of a scan, by gid. */
  private Map<Gid, Head> firstHeads(
      Database database, TimeIndex.Scan scan, byte[] endKey, int limit) throws RocksDBException {
    var heads = new LinkedHashMap<Gid, Head>();
    for (var key = scan.keyBefore(endKey);
        key != null && heads.size() < limit;
        key = scan.keyBefore(endKey)) {
      var gid = Keys.gid(Keys.gidOfTime(key));
      reader.headByTime(database, scan.view(), key).ifPresent(head -> heads.put(gid, head));
      scan.next();
    }
    return heads;
  }

  private int delete(Database database, TimeIndex finished, Map<Gid, Head> heads)
      throws RocksDBException {
    int deleted = 0;
    try (var batch = new WriteBatch()) {
      for (var entry : heads.entrySet()) {
        var gid = Keys.gid(entry.getKey());
        if (finished.has(database, TransactionTables.timeKey(entry.getValue(), gid))) {
          tables.delete(database, batch, entry.getValue(), gid);
          deleted++;
        }
      }
      if (deleted > 0) {
        database.write(batch);
      }
    }
    return deleted;
  }

  /** Makes everything due that is leased: nobody is left who could hold a lease. */
  void voidLeases(Database database, Instant now) throws RocksDBException {
    try (var view = database.view();
        var cursor = new Cursor(database, view, Table.DUE, START, null);
        var batch = new WriteBatch()) {
      for (var key = cursor.key(); key != null; key = cursor.key()) {
        if (TransactionTables.isLeased(cursor.value())) {
          voidLease(database, batch, key, now);
        }
        cursor.next();
        if (batch.count() >= SWEEP_WRITE_MAX) {
          database.write(batch);
          batch.clear();
        }
      }
      database.writeDurably(batch);
    }
  }

  private void voidLease(Database database, WriteBatch batch, byte[] key, Instant now)
      throws RocksDBException {
    var gid = Keys.gidOfTime(key);
    var progress = database.get(Table.PROGRESS, gid);
    try {
      if (progress == null
          || !TransactionTables.isCurrent(key, RecordCodec.head(Keys.gid(gid), progress))) {
        reader.passOverStale(key);
        return;
      }
      tables.reschedule(database, batch, gid, progress, schedule -> schedule.due(now));
    } catch (RecordUnreadable e) {
      reader.passOver(e);
    }
  }
}
