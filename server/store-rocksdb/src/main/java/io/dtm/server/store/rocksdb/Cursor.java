package io.dtm.server.store.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Steps through the keys of one table in order, up to an end. Not thread-safe. */
final class Cursor implements AutoCloseable {
  private final @Nullable Slice end;
  private final ReadOptions options;
  private final RocksIterator iterator;
  private byte @Nullable [] key;

  /**
   * @param start inclusive
   * @param end exclusive; null: the end of the table
   */
  Cursor(Database database, View view, Table table, byte[] start, byte @Nullable [] end)
      throws RocksDBException {
    this.end = end == null ? null : new Slice(end);
    this.options = this.end == null ? view.unbounded() : view.until(this.end);
    this.iterator = database.iterator(table, options);
    try {
      iterator.seek(start);
      settle();
    } catch (RocksDBException e) {
      close();
      throw e;
    }
  }

  /** The key it stands at; null after the last. */
  byte @Nullable [] key() {
    return key;
  }

  byte[] value() {
    return iterator.value();
  }

  void next() throws RocksDBException {
    iterator.next();
    settle();
  }

  private void settle() throws RocksDBException {
    if (iterator.isValid()) {
      key = iterator.key();
      return;
    }
    key = null;
    // An iterator that met an error looks as if it had met the end.
    iterator.status();
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    if (end != null) {
      end.close();
    }
  }
}
