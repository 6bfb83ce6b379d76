package io.dtm.testing.simulation;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;

import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.CommandOutcome;
import java.util.function.Predicate;

/** What clients were told. Each answer is held against what the store has committed (I6). */
final class Acknowledgements {
  private final History history;
  private final World world;

  Acknowledgements(History history, World world) {
    this.history = history;
    this.world = world;
  }

  void prepared(String gid, CommandOutcome outcome) {
    if (holds(gid, outcome, "prepare", status -> true)) {
      world.tell(gid, "prepare is acknowledged");
    }
  }

  void submitted(String gid, CommandOutcome outcome) {
    if (holds(gid, outcome, "submit", status -> status != PREPARED)) {
      history.of(gid).submitAcknowledged = true;
    }
  }

  void aborted(String gid, CommandOutcome outcome) {
    if (holds(gid, outcome, "abort", status -> status == ABORTING || status == FAILED)) {
      history.of(gid).abortAcknowledged = true;
    }
  }

  void ended(String gid, TransactionStatus end, CommandOutcome outcome) {
    holds(gid, outcome, "end", status -> status == end);
  }

  void stopped(String gid, CommandOutcome outcome) {
    holds(gid, outcome, "force stop", TransactionStatus::isFinal);
  }

  void registered(String gid, String branchId, CommandOutcome outcome) {
    if (!holds(gid, outcome, "register", status -> true)) {
      return;
    }
    var record = history.of(gid);
    record.registered.add(branchId);
    var last = record.last;
    if (last == null || last.branches().stream().noneMatch(b -> b.branchId().equals(branchId))) {
      history.violated("I6", gid, "branch %s is acknowledged, but not stored".formatted(branchId));
    }
  }

  private boolean holds(
      String gid, CommandOutcome outcome, String what, Predicate<TransactionStatus> expected) {
    world.tell(gid, what + " is answered: " + outcome.getClass().getSimpleName());
    boolean acknowledges =
        outcome instanceof CommandOutcome.Accepted
            || outcome instanceof CommandOutcome.PassEnded
            || outcome instanceof CommandOutcome.Found;
    if (!acknowledges) {
      return false;
    }
    var last = history.of(gid).last;
    if (last == null || !expected.test(last.status())) {
      history.violated(
          "I6",
          gid,
          "%s is acknowledged, but the store has %s"
              .formatted(what, last == null ? "nothing" : last.status()));
    }
    if (outcome instanceof CommandOutcome.PassEnded(var told, var unsettled)
        && last != null
        && told.status().isFinal()
        && told.status() != last.status()) {
      history.violated("I6", gid, "told %s, stored %s".formatted(told.status(), last.status()));
    }
    return true;
  }
}
