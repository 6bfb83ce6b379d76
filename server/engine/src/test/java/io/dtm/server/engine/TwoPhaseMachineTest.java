package io.dtm.server.engine;

import static io.dtm.server.core.Operation.CANCEL;
import static io.dtm.server.core.Operation.COMMIT;
import static io.dtm.server.core.Operation.CONFIRM;
import static io.dtm.server.core.Operation.ROLLBACK;
import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.server.engine.Transactions.aTcc;
import static io.dtm.server.engine.Transactions.anXa;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TwoPhaseMachineTest {
  private static final Instant NOW = Transactions.CREATED.plusSeconds(1);
  private static final Set<TwoPhaseRule> TAKEN = EnumSet.noneOf(TwoPhaseRule.class);
  private static final RetryRule RETRY_RULE =
      new RetryRule(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofSeconds(35));

  private final TwoPhaseMachine tcc = TwoPhaseMachine.tcc(RETRY_RULE);
  private final TwoPhaseMachine xa = TwoPhaseMachine.xa(RETRY_RULE);
  private final PassState pass = new PassState();

  @AfterAll
  static void everyRuleWasTaken() {
    assertThat(TAKEN).containsExactlyInAnyOrder(TwoPhaseRule.values());
  }

  @Test
  void confirmsTheLastBranchFirst() {
    var transaction = aTcc().open(CANCEL, CONFIRM, CANCEL, CONFIRM);

    assertThat(next(tcc, transaction))
        .isEqualTo(new Verdict(TwoPhaseRule.CALL_FORWARD, Decision.Call.one(3)));
  }

  @Test
  void commitsTheFirstBranchFirst() {
    var transaction = anXa().open(ROLLBACK, COMMIT, ROLLBACK, COMMIT);

    assertThat(next(xa, transaction))
        .isEqualTo(new Verdict(TwoPhaseRule.CALL_FORWARD, Decision.Call.one(1)));
  }

  @Test
  void goesOnWithTheNextBranchOnceOneIsConfirmed() {
    assertThat(next(tcc, aTcc().open(CANCEL, CONFIRM, CANCEL).done(CONFIRM)))
        .isEqualTo(new Verdict(TwoPhaseRule.CALL_FORWARD, Decision.Call.one(1)));
  }

  @Test
  void waitsForARunningConfirmAndStartsNoOther() {
    pass.started(3);

    assertThat(next(tcc, aTcc().open(CANCEL, CONFIRM, CANCEL, CONFIRM)))
        .isEqualTo(new Verdict(TwoPhaseRule.AWAIT_FORWARD, new Decision.Await()));
  }

  @Test
  void pausesAtTheFirstBranchThatIsNotConfirmed() {
    pass.leftOpen(3, new BranchResult.Refused("no"));

    assertThat(next(tcc, aTcc().open(CANCEL, CONFIRM, CANCEL, CONFIRM)))
        .isEqualTo(pauses(TwoPhaseRule.PAUSE_FORWARD, Duration.ofSeconds(20), 1));
  }

  @Test
  void isParkedWhenABranchHasFailedAsOftenAsItMay() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    var verdict = next(tcc, aTcc().open(CANCEL, CONFIRM).attemptsMax(1));

    assertThat(verdict.rule()).isEqualTo(TwoPhaseRule.PARK_FORWARD);
    assertThat(((Decision.Pause) verdict.decision()).schedule().isParked()).isTrue();
  }

  @Test
  void isParkedOnItsWayBackAsWell() {
    pass.leftOpen(0, new BranchResult.Unclear("HTTP 500"));

    var verdict = next(tcc, aTcc().open(CANCEL, CONFIRM).status(ABORTING).attemptsMax(1));

    assertThat(verdict.rule()).isEqualTo(TwoPhaseRule.PARK_BACKWARD);
    assertThat(((Decision.Pause) verdict.decision()).schedule().isParked()).isTrue();
  }

  @Test
  void succeedsOnceEverythingIsConfirmed() {
    assertThat(next(tcc, aTcc().open(CANCEL).done(CONFIRM)))
        .isEqualTo(new Verdict(TwoPhaseRule.FINISH_FORWARD, new Decision.Move(SUCCEEDED, "")));
  }

  @Test
  void cancelsTheLastBranchFirst() {
    assertThat(next(tcc, aTcc().open(CANCEL, CONFIRM, CANCEL, CONFIRM).status(ABORTING)))
        .isEqualTo(new Verdict(TwoPhaseRule.CALL_BACKWARD, Decision.Call.one(2)));
  }

  @Test
  void waitsForARunningCancel() {
    pass.started(0);

    assertThat(next(tcc, aTcc().open(CANCEL, CONFIRM).status(ABORTING)))
        .isEqualTo(new Verdict(TwoPhaseRule.AWAIT_BACKWARD, new Decision.Await()));
  }

  @Test
  void keepsThePauseWhileACancelIsAtWork() {
    pass.leftOpen(0, new BranchResult.Ongoing());

    assertThat(next(tcc, aTcc().open(CANCEL, CONFIRM).status(ABORTING)))
        .isEqualTo(pauses(TwoPhaseRule.PAUSE_BACKWARD, Duration.ofSeconds(10), 0));
  }

  @Test
  void failsOnceEverythingIsCancelled() {
    assertThat(next(tcc, aTcc().done(CANCEL).open(CONFIRM).status(ABORTING)))
        .isEqualTo(new Verdict(TwoPhaseRule.FINISH_BACKWARD, new Decision.Move(FAILED, "")));
  }

  @Test
  void looksAgainWhenTheClientsTimeIsUp() {
    assertThat(next(tcc, aTcc().status(PREPARED)))
        .isEqualTo(
            new Verdict(
                TwoPhaseRule.WAITS_FOR_SUBMIT,
                new Decision.Pause(
                    new Schedule(
                        Transactions.CREATED.plusSeconds(35), Duration.ofSeconds(10), 0, ""))));
  }

  /** D26: the reference prints 0 when the default time-out applied. */
  @Test
  void turnsBackWithTheTimeoutThatApplied() {
    var late = Transactions.CREATED.plusSeconds(35);
    var verdict = tcc.next(aTcc().status(PREPARED).build(), pass, late);
    TAKEN.add((TwoPhaseRule) verdict.rule());

    assertThat(verdict)
        .isEqualTo(
            new Verdict(
                TwoPhaseRule.TURN_BACK_TIMED_OUT,
                new Decision.Move(ABORTING, "Timeout after 35 seconds")));
  }

  @Test
  void honoursTheTransactionsOwnTimeout() {
    assertThat(next(xa, anXa().status(PREPARED).timeoutToFail(Duration.ofSeconds(1))))
        .isEqualTo(
            new Verdict(
                TwoPhaseRule.TURN_BACK_TIMED_OUT,
                new Decision.Move(ABORTING, "Timeout after 1 seconds")));
  }

  @Test
  void doesNothingOnceEnded() {
    assertThat(next(tcc, aTcc().status(SUCCEEDED)))
        .isEqualTo(new Verdict(TwoPhaseRule.ENDED, new Decision.Done()));
    assertThat(next(xa, anXa().status(FAILED)))
        .isEqualTo(new Verdict(TwoPhaseRule.ENDED, new Decision.Done()));
  }

  private Verdict next(TwoPhaseMachine machine, Transactions transaction) {
    var verdict = machine.next(transaction.build(), pass, NOW);
    TAKEN.add((TwoPhaseRule) verdict.rule());
    return verdict;
  }

  private static Verdict pauses(TwoPhaseRule rule, Duration interval, int failures) {
    return new Verdict(
        rule, new Decision.Pause(new Schedule(NOW.plus(interval), interval, failures, "")));
  }
}
