package io.dtm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Parking;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * A real store under observation: counts writes, fails where a test asks it to, and checks with
 * every write that was applied that no invariant of the engine is broken. Thread-safe.
 */
final class ObservedStore implements TransactionStore {
  private static final WriteOutcome LOCKED = new WriteOutcome.Locked("locked by an operator");

  private final List<Integer> claims = new ArrayList<>();
  private final TransactionStore store;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final Map<Gid, GlobalTransaction> last = new HashMap<>();
  private final AtomicReference<Runnable> afterNextClaim = new AtomicReference<>(() -> {});
  private int applied;
  private int finds;
  private int batchesToLive = Integer.MAX_VALUE;

  enum Fault {
    BEFORE_COMMIT,
    AFTER_COMMIT,
    /** Every write of the batch meets a lock. */
    LOCKED
  }

  ObservedStore(TransactionStore store) {
    this.store = store;
  }

  /** The next batches fail, one for each fault. */
  synchronized void failNext(Fault... next) {
    faults.addAll(List.of(next));
  }

  /**
   * After so many more batches the store is gone, as for a process that was killed, until {@link
   * #revive}.
   */
  synchronized void dieAfter(int batches) {
    batchesToLive = batches;
  }

  synchronized void revive() {
    batchesToLive = Integer.MAX_VALUE;
  }

  /** Writes that were applied so far. */
  synchronized int applied() {
    return applied;
  }

  @Override
  public synchronized List<WriteOutcome> apply(List<WriteCommand> batch) {
    if (batchesToLive == 0) {
      throw new StoreUnavailable("killed");
    }
    batchesToLive--;
    var fault = faults.poll();
    if (fault == Fault.BEFORE_COMMIT) {
      throw new StoreUnavailable("fault before commit");
    }
    if (fault == Fault.LOCKED) {
      return batch.stream().<WriteOutcome>map(write -> LOCKED).toList();
    }
    var outcomes = store.apply(batch);
    for (int i = 0; i < batch.size(); i++) {
      if (outcomes.get(i) instanceof WriteOutcome.Applied) {
        applied++;
        observe(
            switch (batch.get(i)) {
              case WriteCommand.Create create -> create.transaction();
              case WriteCommand.Update update -> update.after();
            });
      }
    }
    if (fault == Fault.AFTER_COMMIT) {
      throw new StoreUnavailable("fault after commit");
    }
    return outcomes;
  }

  /** Waits until a version that fulfils the condition has been written. */
  synchronized boolean awaitWrite(Gid gid, Predicate<GlobalTransaction> condition, Duration limit)
      throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    while (last.get(gid) == null || !condition.test(last.get(gid))) {
      var left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  private void observe(GlobalTransaction next) {
    notifyAll();
    var previous = last.put(next.gid(), next);
    if (previous != null && previous.status() != next.status()) {
      assertThat(previous.status().canMoveTo(next.status()))
          .as("I1: %s moves from %s to %s", next.gid(), previous.status(), next.status())
          .isTrue();
    }
    if (!next.status().isFinal()) {
      var parking = next.schedule().parking();
      assertThat(next.schedule().dueAt()).as("I5: open transactions have a due time").isNotNull();
      assertThat(Parking.isDueTime(next.schedule().dueAt()))
          .as("I5: a due time that nobody lives to see has a reason")
          .isEqualTo(parking != null);
      if (parking != null) {
        assertThat(parking.reason()).as("I5: parked with a reason").isNotBlank();
        assertThat(next.schedule().isClaimed()).as("parked, and in nobody's hands").isFalse();
      }
    } else {
      assertThat(next.schedule().isParked()).as("ended, and no longer parked").isFalse();
    }
  }

  /** Times that somebody looked for a transaction. */
  synchronized int finds() {
    return finds;
  }

  @Override
  public synchronized Optional<GlobalTransaction> find(Gid gid) {
    finds++;
    return store.find(gid);
  }

  /** How many each claim asked for, in order. */
  synchronized List<Integer> claims() {
    return List.copyOf(claims);
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    var claimed = claim(node, lease, limit);
    if (!claimed.claimed().isEmpty()) {
      afterNextClaim.getAndSet(() -> {}).run();
    }
    return claimed;
  }

  private synchronized DueTransactions claim(String node, Duration lease, int limit) {
    claims.add(limit);
    if (batchesToLive == 0) {
      throw new StoreUnavailable("killed");
    }
    return store.claimDue(node, lease, limit);
  }

  /** Something happens between the next claim that finds something and its answer. */
  void afterNextClaim(Runnable action) {
    afterNextClaim.set(action);
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    return store.list(filter, position, limit);
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return store.makeDue(beyond, limit);
  }

  @Override
  public synchronized int deleteFinished(
      TransactionStatus status, Instant finishedBefore, int limit) {
    int deleted = store.deleteFinished(status, finishedBefore, limit);
    last.keySet().removeIf(gid -> store.find(gid).isEmpty());
    return deleted;
  }

  @Override
  public void close() {
    store.close();
  }
}
