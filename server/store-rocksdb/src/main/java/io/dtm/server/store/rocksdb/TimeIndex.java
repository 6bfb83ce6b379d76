package io.dtm.server.store.rocksdb;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A table of keys by time, read from its beginning and consumed there. Everything but a scan's
 * steps is called under the store's write lock.
 */
final class TimeIndex {
  /*
   * What is consumed leaves deletion marks behind, at the very place where the next scan begins,
   * and stepping over hundreds of thousands of them takes longer than all the rest. Two things
   * against it:
   *
   * T1: a key is written once and deleted once, as it has the version of its transaction in it.
   * That allows single deletes: the mark and the key cancel each other when the buffer is written
   * out, and nothing is left; an ordinary mark would stay until the last level.
   * T2: no key in the table is below `bound`. A scan begins there; a key that is written below
   * lowers it. A scan that has seen all keys up to one raises it to that one, or to the lowest that
   * was written since the scan began, which its view does not have.
   */
  private static final byte[] START = {};

  private final Table table;
  private @Nullable Database lastScanned;
  private byte @Nullable [] bound = START;
  private byte @Nullable [] lowestAdded;

  TimeIndex(Table table) {
    this.table = table;
  }

  void put(Database database, WriteBatch batch, byte[] key, byte[] value) throws RocksDBException {
    batch.put(database.handle(table), key, value);
    bound = lower(bound, key);
    lowestAdded = lower(lowestAdded, key);
  }

  void remove(Database database, WriteBatch batch, byte[] key) throws RocksDBException {
    batch.singleDelete(database.handle(table), key);
  }

  boolean has(Database database, byte[] key) throws RocksDBException {
    return database.get(table, key) != null;
  }

  /** Begins a scan of all there is. */
  Scan scan(Database database) throws RocksDBException {
    if (lastScanned != database) {
      // Opened anew: a write that failed may have come to life again.
      bound = START;
      lastScanned = database;
    }
    lowestAdded = null;
    return new Scan(database, bound);
  }

  /**
   * Ends the scan: everything below {@code next} was seen and is gone, or is to be left alone.
   *
   * @param next where the scan stopped; null when it came to the end
   */
  void scanned(byte @Nullable [] next) {
    bound = lowestAdded == null ? next : lower(next, lowestAdded);
  }

  /** The time of the first key, known after {@link #scanned}; null when there is none. */
  @Nullable Instant firstTime() {
    return bound == null ? null : Keys.timeOf(bound);
  }

  private static byte[] lower(byte @Nullable [] present, byte[] candidate) {
    return present == null || Keys.isBefore(candidate, present) ? candidate : present;
  }

  /** One pass over the index as it was when the pass began, on any thread. */
  final class Scan implements AutoCloseable {
    private final View view;
    private final @Nullable Cursor cursor;

    private Scan(Database database, byte @Nullable [] start) throws RocksDBException {
      view = database.view();
      try {
        cursor = start == null ? null : new Cursor(database, view, table, start, null);
      } catch (RocksDBException e) {
        view.close();
        throw e;
      }
    }

    View view() {
      return view;
    }

    /** The key it stands at; null at the end. */
    byte @Nullable [] key() {
      return cursor == null ? null : cursor.key();
    }

    /** The key it stands at if that is before {@code end}. */
    byte @Nullable [] keyBefore(byte[] end) {
      var key = key();
      return key != null && Keys.isBefore(key, end) ? key : null;
    }

    void next() throws RocksDBException {
      Objects.requireNonNull(cursor).next();
    }

    @Override
    public void close() {
      if (cursor != null) {
        cursor.close();
      }
      view.close();
    }
  }
}
