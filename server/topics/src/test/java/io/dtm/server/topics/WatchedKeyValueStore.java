package io.dtm.server.topics;

import io.dtm.server.core.KeyValueStore;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Another store, of which a test counts the looks and into whose gaps it can step. */
class WatchedKeyValueStore implements KeyValueStore {
  private static final Runnable NOTHING = () -> {};

  final AtomicInteger looks = new AtomicInteger();
  private final KeyValueStore store;
  private Runnable afterLook = NOTHING;
  private Runnable beforeWrite = NOTHING;
  private Runnable afterWrite = NOTHING;

  WatchedKeyValueStore(KeyValueStore store) {
    this.store = store;
  }

  /** Done once, after the next look and before it is answered. */
  void afterLook(Runnable action) {
    afterLook = action;
  }

  /** Done once, before the next write. */
  void beforeWrite(Runnable action) {
    beforeWrite = action;
  }

  /** Done once, after the next write. */
  void afterWrite(Runnable action) {
    afterWrite = action;
  }

  @Override
  public Optional<Entry> findEntry(String category, String key) {
    looks.incrementAndGet();
    var found = store.findEntry(category, key);
    var action = afterLook;
    afterLook = NOTHING;
    action.run();
    return found;
  }

  @Override
  public EntryPage listEntries(String category, String position, int limit) {
    return store.listEntries(category, position, limit);
  }

  @Override
  public boolean putEntry(String category, String key, String value, long expectedVersion) {
    stepIn();
    var written = store.putEntry(category, key, value, expectedVersion);
    stepOut();
    return written;
  }

  @Override
  public boolean deleteEntry(String category, String key, long expectedVersion) {
    stepIn();
    var deleted = store.deleteEntry(category, key, expectedVersion);
    stepOut();
    return deleted;
  }

  private void stepIn() {
    var action = beforeWrite;
    beforeWrite = NOTHING;
    action.run();
  }

  private void stepOut() {
    var action = afterWrite;
    afterWrite = NOTHING;
    action.run();
  }
}
