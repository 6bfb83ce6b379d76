package io.dtm.testing.outage;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Another store, until it is taken away: then nothing reaches that one any more, as if it had
 * failed, or as if the process of whoever asks were gone. Thread-safe.
 */
public final class InterruptibleStore implements TransactionStore, KeyValueStore {
  private final TransactionStore transactions;
  private final KeyValueStore entries;
  private volatile @Nullable RuntimeException failure;

  private InterruptibleStore(TransactionStore transactions, KeyValueStore entries) {
    this.transactions = transactions;
    this.entries = entries;
  }

  public static <S extends TransactionStore & KeyValueStore> InterruptibleStore over(S store) {
    return new InterruptibleStore(store, store);
  }

  /** From now on every use of it throws this. */
  public void interrupt(RuntimeException failure) {
    this.failure = failure;
  }

  public boolean isInterrupted() {
    return failure != null;
  }

  /** It is there again, with all that it has kept. */
  public void resume() {
    failure = null;
  }

  private void reach() {
    var thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }

  private TransactionStore transactions() {
    reach();
    return transactions;
  }

  private KeyValueStore entries() {
    reach();
    return entries;
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> batch) {
    return transactions().apply(batch);
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return transactions().find(gid);
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    return transactions().claimDue(node, lease, limit);
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    return transactions().list(filter, position, limit);
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return transactions().makeDue(beyond, limit);
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    return transactions().deleteFinished(status, finishedBefore, limit);
  }

  @Override
  public Optional<Entry> findEntry(String category, String key) {
    return entries().findEntry(category, key);
  }

  @Override
  public EntryPage listEntries(String category, String position, int limit) {
    return entries().listEntries(category, position, limit);
  }

  @Override
  public boolean putEntry(String category, String key, String value, long expectedVersion) {
    return entries().putEntry(category, key, value, expectedVersion);
  }

  @Override
  public boolean deleteEntry(String category, String key, long expectedVersion) {
    return entries().deleteEntry(category, key, expectedVersion);
  }

  /** The other store belongs to whoever made it. */
  @Override
  public void close() {}
}
