package io.dtm.server.store.rocksdb;

import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.KeyValueStore.EntryPage;
import io.dtm.server.store.kit.PagePosition;
import io.dtm.server.store.kit.RecordCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The settings, by category and key. Writes are called under the store's write lock. */
final class EntryTable {
  private static final byte[] START = {};

  @Nullable Entry find(Database database, String category, String key) throws RocksDBException {
    var bytes = database.get(Table.ENTRY, Keys.entry(category, key));
    return bytes == null ? null : RecordCodec.entry(bytes);
  }

  EntryPage page(Database database, String category, String position, int limit)
      throws RocksDBException {
    var first = category.isEmpty() ? START : Keys.firstEntry(category);
    var start =
        position.isEmpty() ? first : Keys.after(PagePosition.SETTING.key(position, key -> true));
    var end = category.isEmpty() ? null : Keys.lastEntry(category);
    if (end != null && !Keys.isBefore(start, end)) {
      return new EntryPage(List.of(), "");
    }
    try (var view = database.view();
        var cursor = new Cursor(database, view, Table.ENTRY, start, end)) {
      var entries = new ArrayList<Entry>();
      byte[] last = START;
      for (var key = cursor.key(); key != null && entries.size() < limit; key = cursor.key()) {
        entries.add(RecordCodec.entry(cursor.value()));
        last = key;
        cursor.next();
      }
      return new EntryPage(entries, cursor.key() == null ? "" : PagePosition.SETTING.of(last));
    }
  }

  /**
   * Writes the entry if the stored one is its predecessor, whose time of creation it takes over.
   */
  boolean put(Database database, Entry next) throws RocksDBException {
    var stored = find(database, next.category(), next.key());
    if (next.version() != 1 + (stored == null ? 0 : stored.version())) {
      return false;
    }
    var createdAt = stored == null ? next.createdAt() : stored.createdAt();
    try (var batch = new WriteBatch()) {
      batch.put(
          database.handle(Table.ENTRY),
          Keys.entry(next.category(), next.key()),
          RecordCodec.entry(
              new Entry(
                  next.category(),
                  next.key(),
                  next.value(),
                  next.version(),
                  createdAt,
                  next.updatedAt())));
      database.writeDurably(batch);
    }
    return true;
  }

  boolean delete(Database database, String category, String key, long expected)
      throws RocksDBException {
    var stored = find(database, category, key);
    if (stored == null || stored.version() != expected) {
      return false;
    }
    try (var batch = new WriteBatch()) {
      batch.delete(database.handle(Table.ENTRY), Keys.entry(category, key));
      database.writeDurably(batch);
    }
    return true;
  }
}
