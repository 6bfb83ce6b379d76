package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionSpec;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decides for two-phase messages. Prepared: once the time is up, the sender is asked whether its
 * local transaction committed. Submitted: the actions are called until each has succeeded, in their
 * order or all at once; none may be refused.
 */
final class MessageMachine implements Machine {
  private final RetryRule retryRule;

  MessageMachine(RetryRule retryRule) {
    this.retryRule = retryRule;
  }

  @Override
  public Verdict next(GlobalTransaction message, PassState pass, Instant now) {
    return switch (message.status()) {
      case PREPARED -> prepared(message, pass, now);
      case SUBMITTED -> submitted(message, pass, now);
      case SUCCEEDED, FAILED -> new Verdict(MessageRule.ENDED, new Decision.Done());
      case ABORTING ->
          throw new IllegalStateException(
              "message %s: aborting (expected: any other status)".formatted(message.gid()));
    };
  }

  @Override
  public boolean mayBeRefused(Branch branch) {
    return false;
  }

  private Verdict prepared(GlobalTransaction message, PassState pass, Instant now) {
    var timeUp = message.definition().createdAt().plus(retryRule.timeoutToFail(message.options()));
    if (now.isBefore(timeUp)) {
      return new Verdict(
          MessageRule.WAITS_FOR_SUBMIT, new Decision.Pause(message.schedule().due(timeUp)));
    }
    if (message.definition().checkBackUrl().isEmpty()) {
      return new Verdict(
          MessageRule.NOBODY_TO_ASK, new Decision.Pause(retryRule.idle(message, now)));
    }
    if (pass.isCheckBackInFlight()) {
      return new Verdict(MessageRule.AWAIT_CHECK_BACK, new Decision.Await());
    }
    return pass.checkBack()
        .map(result -> afterCheckBack(message, pass, result, now))
        .orElseGet(() ->
            new Verdict(MessageRule.CHECK_BACK, new Decision.CheckBack(Operation.CHECK_BACK)));
  }

  private Verdict afterCheckBack(
      GlobalTransaction message, PassState pass, BranchResult result, Instant now) {
    return switch (result) {
      case BranchResult.Succeeded ignored ->
          new Verdict(MessageRule.COMMITTED, new Decision.Move(SUBMITTED, ""));
      case BranchResult.Refused ignored ->
          new Verdict(
              MessageRule.ROLLED_BACK,
              new Decision.Move(FAILED, "the sender's local transaction was not committed"));
      case BranchResult.Ongoing ignored -> pauseCheckBack(message, pass, now);
      case BranchResult.Unclear ignored -> pauseCheckBack(message, pass, now);
      case BranchResult.Deferred ignored -> pauseCheckBack(message, pass, now);
    };
  }

  private Verdict pauseCheckBack(GlobalTransaction message, PassState pass, Instant now) {
    var pause = retryRule.after(message, pass, now);
    return new Verdict(
        pause.isParked() ? MessageRule.PARK_CHECK_BACK : MessageRule.PAUSE_CHECK_BACK,
        new Decision.Pause(pause));
  }

  private Verdict submitted(GlobalTransaction message, PassState pass, Instant now) {
    var delay = ((TransactionSpec.Message) message.definition().spec()).delay();
    var startsAt = message.definition().createdAt().plus(delay);
    if (now.isBefore(startsAt)) {
      return new Verdict(MessageRule.DELAYED, new Decision.Pause(message.schedule().due(startsAt)));
    }
    var open = open(message);
    if (open.isEmpty()) {
      return new Verdict(MessageRule.FINISH, new Decision.Move(SUCCEEDED, ""));
    }
    var candidates = message.options().concurrent() ? open : List.of(open.getFirst());
    var callable =
        candidates.stream()
            .filter(i -> !pass.isInFlight(i) && pass.unsettled(i).isEmpty())
            .toList();
    if (!callable.isEmpty()) {
      return new Verdict(MessageRule.CALL_ACTIONS, new Decision.Call(callable));
    }
    if (pass.anyInFlight()) {
      return new Verdict(MessageRule.AWAIT_ACTIONS, new Decision.Await());
    }
    var pause = retryRule.after(message, pass, now);
    return new Verdict(
        pause.isParked() ? MessageRule.PARK : MessageRule.PAUSE, new Decision.Pause(pause));
  }

  private static List<Integer> open(GlobalTransaction message) {
    return IntStream.range(0, message.branches().size())
        .filter(i -> message.branches().get(i).status() != BranchStatus.SUCCEEDED)
        .boxed()
        .toList();
  }
}
