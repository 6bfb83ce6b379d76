package io.dtm.testing.embedded;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.memory.MemoryTransactionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A store as one life of the server sees it: once that life is cut off, nothing of it reaches the
 * store any more, as if its process were gone. The store itself lives on. Thread-safe.
 */
final class FencedStore implements TransactionStore, KeyValueStore {
  private final MemoryTransactionStore store;
  private volatile boolean cut;

  FencedStore(MemoryTransactionStore store) {
    this.store = store;
  }

  void cut() {
    cut = true;
  }

  boolean isCut() {
    return cut;
  }

  private MemoryTransactionStore reached() {
    if (cut) {
      throw new StoreUnavailable("the server has crashed");
    }
    return store;
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> batch) {
    return reached().apply(batch);
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return reached().find(gid);
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    return reached().claimDue(node, lease, limit);
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    return reached().list(filter, position, limit);
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return reached().makeDue(beyond, limit);
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    return reached().deleteFinished(status, finishedBefore, limit);
  }

  @Override
  public Optional<Entry> findEntry(String category, String key) {
    return reached().findEntry(category, key);
  }

  @Override
  public EntryPage listEntries(String category, String position, int limit) {
    return reached().listEntries(category, position, limit);
  }

  @Override
  public boolean putEntry(String category, String key, String value, long expectedVersion) {
    return reached().putEntry(category, key, value, expectedVersion);
  }

  @Override
  public boolean deleteEntry(String category, String key, long expectedVersion) {
    return reached().deleteEntry(category, key, expectedVersion);
  }

  /** The store belongs to all lives. */
  @Override
  public void close() {}
}
