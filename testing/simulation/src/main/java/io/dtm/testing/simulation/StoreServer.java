package io.dtm.testing.simulation;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.DueTransactions;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.memory.MemoryTransactionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The store that all nodes share: the real one in memory. Every committed write is written down in
 * the history.
 */
final class StoreServer {
  /** How far ahead a store with a planted defect believes leases to have run out. */
  private static final Duration AHEAD = Duration.ofSeconds(8);

  private final World world;
  private final History history;
  private final Defect defect;
  private final Queue<Boolean> lostBatches = new ArrayDeque<>();
  private final MemoryTransactionStore memory;
  private Plan.@Nullable Illness illness;
  private Instant wellAt = Instant.MIN;
  private boolean claiming;

  StoreServer(World world, History history, Defect defect) {
    this.world = world;
    this.history = history;
    this.defect = defect;
    this.memory =
        new MemoryTransactionStore(() ->
            claiming && defect == Defect.DOUBLE_RUN
                ? world.instant().plus(AHEAD)
                : world.instant());
  }

  /** The store falls ill; a longer illness wins. */
  void fallIll(Plan.Illness next, Duration lasts) {
    illness = next;
    var until = world.instant().plus(lasts);
    wellAt = until.isAfter(wellAt) ? until : wellAt;
  }

  Optional<Plan.Illness> illness() {
    return world.instant().isBefore(wellAt) ? Optional.ofNullable(illness) : Optional.empty();
  }

  Duration untilWell() {
    return Duration.between(world.instant(), wellAt);
  }

  /** The next batch fails, committed or not. */
  void loseNextBatch(boolean committed) {
    lostBatches.add(committed);
  }

  Optional<Boolean> takeLostBatch() {
    return Optional.ofNullable(lostBatches.poll());
  }

  boolean answersEarly() {
    return defect == Defect.EARLY_ANSWER;
  }

  Optional<GlobalTransaction> find(Gid gid) {
    return memory.find(gid);
  }

  List<WriteOutcome> apply(String by, List<WriteCommand> batch) {
    return batch.stream().map(command -> apply(by, command)).toList();
  }

  private WriteOutcome apply(String by, WriteCommand command) {
    var carriedOut = defect == Defect.LOST_UPDATE ? overwriting(command) : command;
    var outcome = memory.apply(List.of(carriedOut)).getFirst();
    if (outcome instanceof WriteOutcome.Applied) {
      switch (command) {
        case WriteCommand.Create(var created) -> history.committed(by, null, created);
        case WriteCommand.Update(var before, var after) ->
            history.committed(by, before, memory.find(after.gid()).orElse(after));
      }
    }
    return outcome;
  }

  /** The same write on top of whatever is stored. */
  private WriteCommand overwriting(WriteCommand command) {
    if (!(command instanceof WriteCommand.Update(var before, var after))) {
      return command;
    }
    return memory
        .find(before.gid())
        .<WriteCommand>map(stored -> new WriteCommand.Update(stored, versioned(after, stored)))
        .orElse(command);
  }

  private static GlobalTransaction versioned(GlobalTransaction after, GlobalTransaction stored) {
    var progress = after.progress();
    return new GlobalTransaction(
        after.definition(),
        after.branches(),
        new TransactionProgress(
            progress.status(),
            stored.version() + 1,
            progress.schedule(),
            progress.updatedAt(),
            progress.finishedAt(),
            progress.rollbackReason(),
            progress.result()));
  }

  DueTransactions claimDue(String node, Duration lease, int limit) {
    claiming = true;
    try {
      var due = memory.claimDue(node, lease, limit);
      due.claimed().forEach(next -> history.claimed(node, last(next), next));
      return due;
    } finally {
      claiming = false;
    }
  }

  ResetOutcome makeDue(Duration beyond, int limit) {
    var before = history.all();
    var outcome = memory.makeDue(beyond, limit);
    for (var record : before) {
      var last = record.last;
      if (last != null) {
        memory
            .find(last.gid())
            .filter(now -> now.version() != last.version())
            .ifPresent(now -> history.committed("an operator", last, now));
      }
    }
    return outcome;
  }

  TransactionPage list(TransactionFilter filter, String position, int limit) {
    return memory.list(filter, position, limit);
  }

  int deleteFinished(String by, TransactionStatus status, Instant before, int limit) {
    int count = memory.deleteFinished(status, before, limit);
    if (count > 0) {
      for (var record : history.all()) {
        var last = record.last;
        if (last != null && !record.deleted && memory.find(last.gid()).isEmpty()) {
          history.deleted(by, last);
        }
      }
    }
    return count;
  }

  private @Nullable GlobalTransaction last(GlobalTransaction next) {
    return history.of(next.gid().value()).last;
  }
}
