package io.dtm.server.api;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another store, until it is told to fail. */
final class TroubledStore implements TransactionStore {
  private final TransactionStore store;
  volatile @Nullable RuntimeException trouble;

  TroubledStore(TransactionStore store) {
    this.store = store;
  }

  private TransactionStore store() {
    var thrown = trouble;
    if (thrown != null) {
      throw thrown;
    }
    return store;
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> batch) {
    return store().apply(batch);
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return store().find(gid);
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    return store().claimDue(node, lease, limit);
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    return store().list(filter, position, limit);
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return store().makeDue(beyond, limit);
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    return store().deleteFinished(status, finishedBefore, limit);
  }

  @Override
  public void close() {
    store.close();
  }
}
