package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.server.engine.SagaRule.AWAIT_ACTIONS;
import static io.dtm.server.engine.SagaRule.AWAIT_BEFORE_TURNING_BACK;
import static io.dtm.server.engine.SagaRule.AWAIT_COMPENSATIONS;
import static io.dtm.server.engine.SagaRule.CALL_ACTIONS;
import static io.dtm.server.engine.SagaRule.CALL_COMPENSATIONS;
import static io.dtm.server.engine.SagaRule.ENDED;
import static io.dtm.server.engine.SagaRule.FINISH_BACKWARD;
import static io.dtm.server.engine.SagaRule.FINISH_FORWARD;
import static io.dtm.server.engine.SagaRule.PARK_BACKWARD;
import static io.dtm.server.engine.SagaRule.PARK_FORWARD;
import static io.dtm.server.engine.SagaRule.PAUSE_BACKWARD;
import static io.dtm.server.engine.SagaRule.PAUSE_FORWARD;
import static io.dtm.server.engine.SagaRule.TURN_BACK_REFUSED;
import static io.dtm.server.engine.SagaRule.TURN_BACK_RETRIES_SPENT;
import static io.dtm.server.engine.SagaRule.TURN_BACK_TIMED_OUT;
import static io.dtm.server.engine.SagaRule.WAITS_FOR_SUBMIT;
import static io.dtm.server.engine.Sagas.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SagaMachineTest {
  private static final Instant NOW = Sagas.CREATED.plusSeconds(1);
  private static final Set<SagaRule> TAKEN = EnumSet.noneOf(SagaRule.class);

  private final SagaMachine machine =
      new SagaMachine(
          new RetryRule(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofSeconds(35)));
  private final PassState pass = new PassState();

  @AfterAll
  static void everyRuleWasTaken() {
    assertThat(TAKEN).containsExactlyInAnyOrder(SagaRule.values());
  }

  @Test
  void callsOneActionAfterTheOther() {
    assertThat(next(aSaga("debit", "credit"))).isEqualTo(calls(CALL_ACTIONS, 1));
    assertThat(next(aSaga("debit", "credit").succeeded("debit"))).isEqualTo(calls(CALL_ACTIONS, 3));
  }

  @Test
  void callsAllActionsAtOnceWhenConcurrent() {
    assertThat(next(aSaga("a", "b", "c").concurrent())).isEqualTo(calls(CALL_ACTIONS, 1, 3, 5));
  }

  @Test
  void callsAnActionOnlyAfterItsPredecessors() {
    var saga = aSaga("a", "b", "c").concurrent().after("c", "a", "b");

    assertThat(next(saga)).isEqualTo(calls(CALL_ACTIONS, 1, 3));
    assertThat(next(saga.succeeded("a", "b"))).isEqualTo(calls(CALL_ACTIONS, 5));
  }

  @Test
  void waitsForARunningAction() {
    pass.started(1);

    assertThat(next(aSaga("debit", "credit")))
        .isEqualTo(new Verdict(AWAIT_ACTIONS, new Decision.Await()));
  }

  @Test
  void succeedsOnceEveryActionDid() {
    assertThat(next(aSaga("debit", "credit").succeeded("debit", "credit")))
        .isEqualTo(new Verdict(FINISH_FORWARD, new Decision.Move(SUCCEEDED, "")));
  }

  @Test
  void succeedsAtOnceWithoutSteps() {
    assertThat(next(aSaga()))
        .isEqualTo(new Verdict(FINISH_FORWARD, new Decision.Move(SUCCEEDED, "")));
  }

  @Test
  void turnsBackOnceAnActionIsRefused() {
    var saga = aSaga("debit", "credit").succeeded("debit").refused("credit", "no such account");

    assertThat(next(saga))
        .isEqualTo(
            new Verdict(
                TURN_BACK_REFUSED,
                new Decision.Move(
                    ABORTING, "url:http://credit/do return failed: no such account FAILURE")));
  }

  @Test
  void doesNotRepeatTheWordThatClientsLookFor() {
    var saga = aSaga("debit").refused("debit", "reason:FAILURE");

    assertThat(next(saga))
        .isEqualTo(
            new Verdict(
                TURN_BACK_REFUSED,
                new Decision.Move(ABORTING, "url:http://debit/do return failed: reason:FAILURE")));
  }

  /** Otherwise a compensation could overtake the action that it undoes. */
  @Test
  void waitsForRunningActionsBeforeItTurnsBack() {
    pass.started(1);

    assertThat(next(aSaga("debit", "credit").concurrent().refused("credit", "no")))
        .isEqualTo(new Verdict(AWAIT_BEFORE_TURNING_BACK, new Decision.Await()));
  }

  @Test
  void turnsBackWhenItsTimeIsUp() {
    var saga = aSaga("debit").timeoutToFail(Duration.ofSeconds(1));

    assertThat(next(saga))
        .isEqualTo(
            new Verdict(
                TURN_BACK_TIMED_OUT, new Decision.Move(ABORTING, "Timeout after 1 seconds")));
  }

  @Test
  void hasNoTimeLimitUnlessAskedFor() {
    var verdict = machine.next(aSaga("debit").build(), pass, NOW.plus(Duration.ofDays(900)));

    assertThat(verdict).isEqualTo(calls(CALL_ACTIONS, 1));
  }

  @Test
  void repeatsAFailingActionAtOnceWithinItsRetryLimit() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    assertThat(next(aSaga("debit").retryLimit(2).unclear("debit", 2)))
        .isEqualTo(calls(CALL_ACTIONS, 1));
  }

  @Test
  void turnsBackWhenTheRetriesAreSpent() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    assertThat(next(aSaga("debit").retryLimit(2).unclear("debit", 3)))
        .isEqualTo(
            new Verdict(
                TURN_BACK_RETRIES_SPENT,
                new Decision.Move(
                    ABORTING, "RetryCount is greater than RetryLimit, RetryLimit: 2")));
  }

  @Test
  void doesNotCountAnActionStillAtWorkAsARetry() {
    pass.leftOpen(1, new BranchResult.Ongoing());

    assertThat(next(aSaga("debit").retryLimit(1)))
        .isEqualTo(pauses(PAUSE_FORWARD, Duration.ofSeconds(10), 0));
  }

  @Test
  void pausesTwiceAsLongAfterAnUnclearAnswer() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    assertThat(next(aSaga("debit"))).isEqualTo(pauses(PAUSE_FORWARD, Duration.ofSeconds(20), 1));
  }

  @Test
  void endsAPauseWhenItsTimeIsUp() {
    pass.leftOpen(1, new BranchResult.Ongoing());
    var saga = aSaga("debit").timeoutToFail(Duration.ofSeconds(3));

    assertThat(next(saga))
        .isEqualTo(
            new Verdict(
                PAUSE_FORWARD,
                new Decision.Pause(
                    new Schedule(Sagas.CREATED.plusSeconds(3), Duration.ofSeconds(10), 0, ""))));
  }

  @Test
  void isParkedWhenAnActionHasFailedAsOftenAsItMay() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    assertThat(schedule(next(aSaga("debit").attemptsMax(2)), PAUSE_FORWARD).isParked()).isFalse();
    var saga = aSaga("debit").attemptsMax(2).schedule(Duration.ofSeconds(20), 1);
    assertThat(schedule(next(saga), PARK_FORWARD).parking())
        .isEqualTo(
            new Parking(
                "failed attempts in a row: 2 (at most 2); branch 01 action at http://debit/do: HTTP"
                    + " 500",
                "debit:80",
                NOW));
  }

  @Test
  void isParkedOnItsWayBackAsWell() {
    pass.leftOpen(0, new BranchResult.Unclear("HTTP 500"));
    var saga = aSaga("a").refused("a", "no").aborting().attemptsMax(1);

    assertThat(schedule(next(saga), PARK_BACKWARD).isParked()).isTrue();
  }

  @Test
  void waitsForItsTimeOutInsteadOfBeingParked() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));
    var saga = aSaga("debit").attemptsMax(1, Duration.ofSeconds(100));

    var schedule = schedule(next(saga), PAUSE_FORWARD);

    assertThat(schedule.dueAt()).isEqualTo(Sagas.CREATED.plusSeconds(100));
    assertThat(schedule.failures()).as("counted anew on its way back").isZero();
  }

  @Test
  void compensatesInReverseTheRefusedActionIncluded() {
    var saga = aSaga("a", "b", "c").succeeded("a").refused("b", "no").aborting();

    assertThat(next(saga)).isEqualTo(calls(CALL_COMPENSATIONS, 2));
    assertThat(next(saga.compensated("b"))).isEqualTo(calls(CALL_COMPENSATIONS, 0));
  }

  /** I3: what was never free to run was never called. */
  @Test
  void neverCompensatesWhatCannotHaveRun() {
    var saga =
        aSaga("a", "b").concurrent().after("b", "a").refused("a", "no").aborting().compensated("a");

    assertThat(next(saga)).isEqualTo(new Verdict(FINISH_BACKWARD, new Decision.Move(FAILED, "")));
  }

  @Test
  void compensatesAnActionWhoseEndIsUnknown() {
    assertThat(next(aSaga("a", "b").succeeded("a").aborting()))
        .isEqualTo(calls(CALL_COMPENSATIONS, 2));
  }

  @Test
  void compensatesAllAtOnceWhenConcurrent() {
    assertThat(next(aSaga("a", "b").concurrent().succeeded("a").refused("b", "no").aborting()))
        .isEqualTo(calls(CALL_COMPENSATIONS, 0, 2));
  }

  @Test
  void compensatesSuccessorsFirst() {
    var saga =
        aSaga("a", "b", "c")
            .concurrent()
            .after("c", "a")
            .succeeded("a", "b")
            .refused("c", "no")
            .aborting();

    assertThat(next(saga)).isEqualTo(calls(CALL_COMPENSATIONS, 2, 4));
    assertThat(next(saga.compensated("b", "c"))).isEqualTo(calls(CALL_COMPENSATIONS, 0));
  }

  @Test
  void waitsForARunningCompensation() {
    pass.started(0);

    assertThat(next(aSaga("a").refused("a", "no").aborting()))
        .isEqualTo(new Verdict(AWAIT_COMPENSATIONS, new Decision.Await()));
  }

  @Test
  void asksACompensationAgainLater() {
    pass.leftOpen(0, new BranchResult.Unclear("HTTP 500"));

    assertThat(next(aSaga("a").refused("a", "no").aborting()))
        .isEqualTo(pauses(PAUSE_BACKWARD, Duration.ofSeconds(20), 1));
  }

  @Test
  void failsOnceEverythingIsUndone() {
    assertThat(next(aSaga("a").refused("a", "no").aborting().compensated("a")))
        .isEqualTo(new Verdict(FINISH_BACKWARD, new Decision.Move(FAILED, "")));
  }

  @Test
  void waitsForItsSubmit() {
    assertThat(next(aSaga("a").status(PREPARED)))
        .isEqualTo(pauses(WAITS_FOR_SUBMIT, Duration.ofSeconds(20), 0));
  }

  @Test
  void doesNothingOnceEnded() {
    assertThat(next(aSaga("a").status(SUCCEEDED)))
        .isEqualTo(new Verdict(ENDED, new Decision.Done()));
    assertThat(next(aSaga("a").status(FAILED))).isEqualTo(new Verdict(ENDED, new Decision.Done()));
  }

  private Verdict next(Sagas saga) {
    var verdict = machine.next(saga.build(), pass, NOW);
    TAKEN.add((SagaRule) verdict.rule());
    return verdict;
  }

  private static Schedule schedule(Verdict verdict, SagaRule rule) {
    assertThat(verdict.rule()).isEqualTo(rule);
    return ((Decision.Pause) verdict.decision()).schedule();
  }

  private static Verdict calls(SagaRule rule, Integer... branches) {
    return new Verdict(rule, new Decision.Call(List.of(branches)));
  }

  private static Verdict pauses(SagaRule rule, Duration interval, int failures) {
    return new Verdict(
        rule, new Decision.Pause(new Schedule(NOW.plus(interval), interval, failures, "")));
  }
}
