package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Decides for sagas. Forward: call every action whose predecessors succeeded. Back: once a
 * participant refuses, the time is up or the retries are spent, undo in reverse every action that
 * may have run, the refused one included.
 */
final class SagaMachine implements Machine {
  private static final String REFUSED_WORD = "FAILURE";

  private final RetryRule retryRule;

  SagaMachine(RetryRule retryRule) {
    this.retryRule = retryRule;
  }

  @Override
  public Verdict next(GlobalTransaction saga, PassState pass, Instant now) {
    return switch (saga.status()) {
      case PREPARED ->
          new Verdict(SagaRule.WAITS_FOR_SUBMIT, new Decision.Pause(retryRule.idle(saga, now)));
      case SUBMITTED -> forward(saga, pass, now);
      case ABORTING -> backward(saga, pass, now);
      case SUCCEEDED, FAILED -> new Verdict(SagaRule.ENDED, new Decision.Done());
    };
  }

  /** Only an action may be refused: a compensation has to be carried out some day. */
  @Override
  public boolean mayBeRefused(Branch branch) {
    return branch.is(Operation.ACTION);
  }

  /**
   * A saga that turns back finds by the stored successes how far it may have come (I3). One step
   * after the other, only a refusal turns it back, and that step's successors cannot have been
   * called. Where its time, its retries or a step beside may turn it back, they can.
   */
  @Override
  public boolean storesSuccessFirst(GlobalTransaction saga) {
    var spec = (TransactionSpec.Saga) saga.definition().spec();
    return saga.status() == TransactionStatus.SUBMITTED
        && (saga.options().timeoutToFail().isPositive()
            || saga.options().retryLimit() > 0
            || (spec.concurrent() && !spec.predecessors().isEmpty()));
  }

  private Verdict forward(GlobalTransaction saga, PassState pass, Instant now) {
    var steps = SagaSteps.of(saga);
    var turnBack = turnBack(saga, steps, pass, now);
    if (turnBack.isPresent()) {
      return pass.anyInFlight()
          ? new Verdict(SagaRule.AWAIT_BEFORE_TURNING_BACK, new Decision.Await())
          : turnBack.get();
    }

    var open =
        IntStream.range(0, steps.count())
            .filter(i -> steps.action(i).status() == BranchStatus.PREPARED)
            .boxed()
            .toList();
    if (open.isEmpty()) {
      return new Verdict(SagaRule.FINISH_FORWARD, new Decision.Move(SUCCEEDED, ""));
    }
    var callable =
        open.stream()
            .filter(steps::isOpen)
            .map(steps::actionIndex)
            .filter(action -> mayBeCalled(saga, pass, action))
            .toList();
    if (!callable.isEmpty()) {
      return new Verdict(SagaRule.CALL_ACTIONS, new Decision.Call(callable));
    }
    if (pass.anyInFlight()) {
      return new Verdict(SagaRule.AWAIT_ACTIONS, new Decision.Await());
    }
    var pause = pauseForward(saga, pass, now);
    return new Verdict(
        pause.isParked() ? SagaRule.PARK_FORWARD : SagaRule.PAUSE_FORWARD,
        new Decision.Pause(pause));
  }

  /**
   * Within a pass an action is called once, and again at once after an unclear answer while the
   * saga's own retry limit allows.
   */
  private static boolean mayBeCalled(GlobalTransaction saga, PassState pass, int action) {
    if (pass.isInFlight(action)) {
      return false;
    }
    return pass.unsettled(action)
        .map(result -> result instanceof BranchResult.Unclear && saga.options().retryLimit() > 0)
        .orElse(true);
  }

  private static Optional<Verdict> turnBack(
      GlobalTransaction saga, SagaSteps steps, PassState pass, Instant now) {
    var refused =
        actions(steps).filter(action -> action.status() == BranchStatus.FAILED).findFirst();
    if (refused.isPresent()) {
      var branch = refused.get();
      return turnBack(SagaRule.TURN_BACK_REFUSED, refusal(branch));
    }
    var timeout = saga.options().timeoutToFail();
    if (timeout.isPositive() && saga.age(now).compareTo(timeout) >= 0) {
      return turnBack(
          SagaRule.TURN_BACK_TIMED_OUT, "Timeout after %d seconds".formatted(timeout.toSeconds()));
    }
    var limit = saga.options().retryLimit();
    var isSpent =
        limit > 0
            && IntStream.range(0, steps.count())
                .anyMatch(i ->
                    steps.action(i).status() == BranchStatus.PREPARED
                        && steps.action(i).progress().errors() > limit
                        && !pass.isInFlight(steps.actionIndex(i)));
    if (isSpent) {
      return turnBack(
          SagaRule.TURN_BACK_RETRIES_SPENT,
          "RetryCount is greater than RetryLimit, RetryLimit: %d".formatted(limit));
    }
    return Optional.empty();
  }

  /** The reason as clients of the reference know it: they look for the last word. */
  private static String refusal(Branch branch) {
    var answer = branch.progress().lastFailure().strip();
    var suffix = answer.endsWith(REFUSED_WORD) ? "" : " " + REFUSED_WORD;
    return "url:%s return failed: %s%s".formatted(branch.url(), answer, suffix);
  }

  private static Optional<Verdict> turnBack(SagaRule rule, String reason) {
    return Optional.of(new Verdict(rule, new Decision.Move(ABORTING, reason)));
  }

  /**
   * A pause, cut short where the saga's time is up before its end. A saga that has a time-out is
   * not parked on its way forward: it turns back then, as its client has asked for.
   */
  private Schedule pauseForward(GlobalTransaction saga, PassState pass, Instant now) {
    var pause = retryRule.after(saga, pass, now);
    var timeout = saga.options().timeoutToFail();
    var timeUp = saga.definition().createdAt().plus(timeout);
    return timeout.isPositive() && timeUp.isBefore(pause.dueAt()) ? pause.due(timeUp) : pause;
  }

  private Verdict backward(GlobalTransaction saga, PassState pass, Instant now) {
    var steps = SagaSteps.of(saga);
    var open = IntStream.range(0, steps.count()).filter(steps::mustBeCompensated).boxed().toList();
    if (open.isEmpty()) {
      return new Verdict(SagaRule.FINISH_BACKWARD, new Decision.Move(FAILED, ""));
    }
    var callable =
        free(steps, open).stream()
            .map(steps::compensationIndex)
            .filter(i -> !pass.isInFlight(i) && pass.unsettled(i).isEmpty())
            .toList();
    if (!callable.isEmpty()) {
      return new Verdict(SagaRule.CALL_COMPENSATIONS, new Decision.Call(callable));
    }
    if (pass.anyInFlight()) {
      return new Verdict(SagaRule.AWAIT_COMPENSATIONS, new Decision.Await());
    }
    var pause = retryRule.after(saga, pass, now);
    return new Verdict(
        pause.isParked() ? SagaRule.PARK_BACKWARD : SagaRule.PAUSE_BACKWARD,
        new Decision.Pause(pause));
  }

  /** Of the steps still to be undone, those whose successors are undone already. */
  private static List<Integer> free(SagaSteps steps, List<Integer> open) {
    var candidates = steps.isConcurrent() ? open : List.of(open.getLast());
    return candidates.stream()
        .filter(step -> steps.successors(step).stream().noneMatch(steps::mustBeCompensated))
        .toList();
  }

  private static Stream<Branch> actions(SagaSteps steps) {
    return IntStream.range(0, steps.count()).mapToObj(steps::action);
  }
}
