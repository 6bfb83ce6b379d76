package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decides for transactions whose first phase the client carries out itself: TCC and XA. The
 * server's part is the second phase, one branch after the other, and turning back what the client
 * left behind. Nothing in the second phase may be refused.
 */
final class TwoPhaseMachine implements Machine {
  private final Operation forward;
  private final Operation backward;
  private final boolean lastFirst;
  private final RetryRule retryRule;

  private TwoPhaseMachine(
      Operation forward, Operation backward, boolean lastFirst, RetryRule retryRule) {
    this.forward = forward;
    this.backward = backward;
    this.lastFirst = lastFirst;
    this.retryRule = retryRule;
  }

  /** Confirms or cancels, the branch that was registered last first. */
  static TwoPhaseMachine tcc(RetryRule retryRule) {
    return new TwoPhaseMachine(Operation.CONFIRM, Operation.CANCEL, true, retryRule);
  }

  /** Commits or rolls back, in the order of registration. */
  static TwoPhaseMachine xa(RetryRule retryRule) {
    return new TwoPhaseMachine(Operation.COMMIT, Operation.ROLLBACK, false, retryRule);
  }

  @Override
  public Verdict next(GlobalTransaction transaction, PassState pass, Instant now) {
    return switch (transaction.status()) {
      case PREPARED -> prepared(transaction, now);
      case SUBMITTED -> forward(transaction, pass, now);
      case ABORTING -> backward(transaction, pass, now);
      case SUCCEEDED, FAILED -> new Verdict(TwoPhaseRule.ENDED, new Decision.Done());
    };
  }

  @Override
  public boolean mayBeRefused(Branch branch) {
    return false;
  }

  private Verdict prepared(GlobalTransaction transaction, Instant now) {
    var timeout = retryRule.timeoutToFail(transaction.options());
    var timeUp = transaction.definition().createdAt().plus(timeout);
    if (now.isBefore(timeUp)) {
      return new Verdict(
          TwoPhaseRule.WAITS_FOR_SUBMIT, new Decision.Pause(transaction.schedule().due(timeUp)));
    }
    return new Verdict(
        TwoPhaseRule.TURN_BACK_TIMED_OUT,
        new Decision.Move(ABORTING, "Timeout after %d seconds".formatted(timeout.toSeconds())));
  }

  private Verdict forward(GlobalTransaction transaction, PassState pass, Instant now) {
    var next = nextBranch(transaction, forward);
    if (next.isEmpty()) {
      return new Verdict(TwoPhaseRule.FINISH_FORWARD, new Decision.Move(SUCCEEDED, ""));
    }
    if (pass.isInFlight(next.get())) {
      return new Verdict(TwoPhaseRule.AWAIT_FORWARD, new Decision.Await());
    }
    if (pass.unsettled(next.get()).isPresent()) {
      var pause = retryRule.after(transaction, pass, now);
      return new Verdict(
          pause.isParked() ? TwoPhaseRule.PARK_FORWARD : TwoPhaseRule.PAUSE_FORWARD,
          new Decision.Pause(pause));
    }
    return new Verdict(TwoPhaseRule.CALL_FORWARD, Decision.Call.one(next.get()));
  }

  private Verdict backward(GlobalTransaction transaction, PassState pass, Instant now) {
    var next = nextBranch(transaction, backward);
    if (next.isEmpty()) {
      return new Verdict(TwoPhaseRule.FINISH_BACKWARD, new Decision.Move(FAILED, ""));
    }
    if (pass.isInFlight(next.get())) {
      return new Verdict(TwoPhaseRule.AWAIT_BACKWARD, new Decision.Await());
    }
    if (pass.unsettled(next.get()).isPresent()) {
      var pause = retryRule.after(transaction, pass, now);
      return new Verdict(
          pause.isParked() ? TwoPhaseRule.PARK_BACKWARD : TwoPhaseRule.PAUSE_BACKWARD,
          new Decision.Pause(pause));
    }
    return new Verdict(TwoPhaseRule.CALL_BACKWARD, Decision.Call.one(next.get()));
  }

  /** The first branch of this operation that is still open, in the order of the mode. */
  private Optional<Integer> nextBranch(GlobalTransaction transaction, Operation operation) {
    var branches = transaction.branches();
    int count = branches.size();
    return IntStream.range(0, count)
        .map(i -> lastFirst ? count - 1 - i : i)
        .filter(i -> branches.get(i).is(operation))
        .filter(i -> branches.get(i).status() != BranchStatus.SUCCEEDED)
        .boxed()
        .findFirst();
  }
}
