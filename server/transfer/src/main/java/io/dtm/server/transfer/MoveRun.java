package io.dtm.server.transfer;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.transfer.MoveReport.Tally;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** One move under way. Not thread-safe. */
final class MoveRun {
  private static final Tally MOVED = new Tally(1, 0, 0, 1);
  private static final Tally PRESENT = new Tally(0, 1, 0, 1);
  private static final Tally DIFFERENT = new Tally(0, 0, 1, 0);

  private final Move.Side to;
  private final Instant now;
  private final LongConsumer progress;
  private final Problems problems = new Problems();
  private final Map<TransactionStatus, Tally> tallies = new EnumMap<>(TransactionStatus.class);
  private Tally settings = Tally.NONE;
  private long taken;

  MoveRun(Move.Side to, Instant now, LongConsumer progress) {
    this.to = to;
    this.now = now;
    this.progress = progress;
  }

  void takeAll(List<GlobalTransaction> page) {
    if (page.isEmpty()) {
      return;
    }
    var wanted = page.stream().map(this::released).toList();
    var outcomes =
        to.transactions()
            .apply(wanted.stream().<WriteCommand>map(WriteCommand.Create::new).toList());
    for (int i = 0; i < wanted.size(); i++) {
      var transaction = wanted.get(i);
      tallies.merge(transaction.status(), outcome(transaction, outcomes.get(i)), Tally::plus);
      taken++;
      if (taken % Move.PROGRESS_STEP == 0) {
        progress.accept(taken);
      }
    }
  }

  /**
   * In nobody's hands: a claim is worth nothing in another store. It is due since its last write,
   * which is at once, and the same each time it is moved.
   */
  private GlobalTransaction released(GlobalTransaction transaction) {
    var schedule = transaction.schedule();
    if (!schedule.isClaimed()) {
      return transaction;
    }
    if (schedule.dueAt().isAfter(now) && !transaction.status().isFinal()) {
      problems.add(
          transaction.gid().value(),
          "in the hands of node %s until %s (expected: no server uses the source; when it has been"
                  .formatted(schedule.claimedBy(), schedule.dueAt())
              + " stopped, wait until then and move again)");
    }
    return transaction.withSchedule(schedule.due(transaction.progress().updatedAt()));
  }

  private Tally outcome(GlobalTransaction wanted, WriteOutcome outcome) {
    return switch (outcome) {
      case WriteOutcome.Applied ignored -> readBack(wanted) ? MOVED : DIFFERENT;
      case WriteOutcome.Conflict(var stored) -> compare(wanted, stored) ? PRESENT : DIFFERENT;
      case WriteOutcome.Unreadable(var why) -> {
        problems.add(wanted.gid().value(), "one that cannot be read is in the target: " + why);
        yield DIFFERENT;
      }
      case WriteOutcome.Locked(var why) -> throw new StoreUnavailable(why);
      case WriteOutcome.Refused(var why) -> throw new StoreUnavailable(why);
      case WriteOutcome.Missing ignored ->
          throw new IllegalStateException(wanted.gid() + ": created, and missing");
    };
  }

  private boolean readBack(GlobalTransaction wanted) {
    var stored = to.transactions().find(wanted.gid());
    if (stored.isEmpty()) {
      problems.add(wanted.gid().value(), "not found in the target after it was written");
      return false;
    }
    return compare(wanted, stored.get());
  }

  private boolean compare(GlobalTransaction wanted, GlobalTransaction stored) {
    boolean isSame = SameContent.of(wanted, stored);
    if (!isSame) {
      problems.add(
          wanted.gid().value(),
          "another one is in the target, and left alone: %s (the source has: %s)"
              .formatted(brief(stored), brief(wanted)));
    }
    return isSame;
  }

  private static String brief(GlobalTransaction transaction) {
    return "%s, %s, version %d, %d branches, updated %s"
        .formatted(
            ReferenceWords.of(transaction.mode()),
            ReferenceWords.of(transaction.status()),
            transaction.version(),
            transaction.branches().size(),
            transaction.progress().updatedAt());
  }

  /** Versions of settings begin anew: they count the writes of their store. */
  void take(Entry wanted) {
    var settingsOfTarget = to.settings();
    boolean written = settingsOfTarget.putEntry(wanted.category(), wanted.key(), wanted.value(), 0);
    var stored = settingsOfTarget.findEntry(wanted.category(), wanted.key());
    boolean isSame = stored.isPresent() && stored.get().value().equals(wanted.value());
    if (!isSame) {
      problems.add(
          "setting %s/%s".formatted(wanted.category(), wanted.key()),
          "another value is in the target, and left alone: %s (the source has: %s)"
              .formatted(stored.map(Entry::value).orElse("none"), wanted.value()));
    }
    settings = settings.plus(isSame ? (written ? MOVED : PRESENT) : DIFFERENT);
  }

  MoveReport report() {
    return new MoveReport(new TreeMap<>(tallies), settings, problems.kept(), problems.count());
  }
}
