package io.dtm.server.store.rocksdb;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * The database as it was at one moment: what is read through one view fits together, whatever is
 * written meanwhile. To be closed soon, as it keeps old versions alive. Not thread-safe.
 */
final class View implements AutoCloseable {
  private final RocksDB db;
  private final Snapshot snapshot;
  private final ReadOptions options;

  View(RocksDB db) {
    this.db = db;
    this.snapshot = db.getSnapshot();
    this.options = new ReadOptions().setSnapshot(snapshot);
  }

  ReadOptions options() {
    return options;
  }

  /** Options of one iterator over the view, which its owner closes. */
  ReadOptions unbounded() {
    return new ReadOptions().setSnapshot(snapshot);
  }

  /** Options of one bounded iterator over the view, which its owner closes. */
  ReadOptions until(Slice end) {
    return unbounded().setIterateUpperBound(end);
  }

  @Override
  public void close() {
    options.close();
    db.releaseSnapshot(snapshot);
  }
}
