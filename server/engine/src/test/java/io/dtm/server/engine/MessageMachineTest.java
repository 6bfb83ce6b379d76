package io.dtm.server.engine;

import static io.dtm.server.core.Operation.ACTION;
import static io.dtm.server.core.Operation.CHECK_BACK;
import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.server.engine.Transactions.aMessage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MessageMachineTest {
  private static final Instant SOON = Transactions.CREATED.plusSeconds(1);
  private static final Instant TIME_UP = Transactions.CREATED.plusSeconds(35);
  private static final Set<MessageRule> TAKEN = EnumSet.noneOf(MessageRule.class);

  private final MessageMachine machine =
      new MessageMachine(
          new RetryRule(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofSeconds(35)));
  private final PassState pass = new PassState();

  @AfterAll
  static void everyRuleWasTaken() {
    assertThat(TAKEN).containsExactlyInAnyOrder(MessageRule.values());
  }

  @Test
  void asksTheSenderOnlyWhenItsTimeIsUp() {
    assertThat(next(aMessage().status(PREPARED), SOON))
        .isEqualTo(
            new Verdict(
                MessageRule.WAITS_FOR_SUBMIT,
                new Decision.Pause(new Schedule(TIME_UP, Duration.ofSeconds(10), 0, ""))));
    assertThat(next(aMessage().status(PREPARED), TIME_UP))
        .isEqualTo(new Verdict(MessageRule.CHECK_BACK, new Decision.CheckBack(CHECK_BACK)));
  }

  @Test
  void waitsForTheSendersAnswer() {
    pass.checkBackStarted();

    assertThat(next(aMessage().status(PREPARED), TIME_UP))
        .isEqualTo(new Verdict(MessageRule.AWAIT_CHECK_BACK, new Decision.Await()));
  }

  @Test
  void isParkedWhenTheSenderCouldNotTellAsOftenAsItMay() {
    pass.checkBackEnded(new BranchResult.Unclear("HTTP 500"));

    var verdict = next(aMessage().status(PREPARED).attemptsMax(1), TIME_UP);

    assertThat(verdict.rule()).isEqualTo(MessageRule.PARK_CHECK_BACK);
    assertThat(((Decision.Pause) verdict.decision()).schedule().isParked()).isTrue();
  }

  @Test
  void isParkedWhenAnActionHasFailedAsOftenAsItMay() {
    pass.leftOpen(0, new BranchResult.Unclear("HTTP 500"));

    var verdict = next(aMessage().open(ACTION).attemptsMax(1), SOON);

    assertThat(verdict.rule()).isEqualTo(MessageRule.PARK);
    assertThat(((Decision.Pause) verdict.decision()).schedule().isParked()).isTrue();
  }

  @Test
  void isSubmittedWhenTheSenderCommitted() {
    pass.checkBackEnded(new BranchResult.Succeeded());

    assertThat(next(aMessage().status(PREPARED), TIME_UP))
        .isEqualTo(new Verdict(MessageRule.COMMITTED, new Decision.Move(SUBMITTED, "")));
  }

  @Test
  void failsWhenTheSenderDidNotCommit() {
    pass.checkBackEnded(new BranchResult.Refused("FAILURE"));

    assertThat(next(aMessage().status(PREPARED), TIME_UP))
        .isEqualTo(
            new Verdict(
                MessageRule.ROLLED_BACK,
                new Decision.Move(FAILED, "the sender's local transaction was not committed")));
  }

  @Test
  void asksTheSenderAgainLaterWhenItIsStillAtWork() {
    pass.checkBackEnded(new BranchResult.Ongoing());

    assertThat(next(aMessage().status(PREPARED), TIME_UP))
        .isEqualTo(pauses(MessageRule.PAUSE_CHECK_BACK, TIME_UP, Duration.ofSeconds(10), 0));
  }

  /**
   * D21: the reference never alerts of a check-back that fails; here it counts like any failure.
   */
  @Test
  void countsAFailedCheckBack() {
    pass.checkBackEnded(new BranchResult.Unclear("HTTP 500"));

    assertThat(next(aMessage().status(PREPARED), TIME_UP))
        .isEqualTo(pauses(MessageRule.PAUSE_CHECK_BACK, TIME_UP, Duration.ofSeconds(20), 1));
  }

  @Test
  void countsACheckBackThatCouldNotBeMadeAsNeither() {
    pass.checkBackEnded(new BranchResult.Deferred("busy"));

    assertThat(next(aMessage().status(PREPARED), TIME_UP))
        .isEqualTo(pauses(MessageRule.PAUSE_CHECK_BACK, TIME_UP, Duration.ofSeconds(10), 0));
  }

  /** D21: the reference takes a missing address for a committed transaction. */
  @Test
  void neverTakesAMissingAddressForAYes() {
    assertThat(next(aMessage().status(PREPARED).checkBackUrl(""), TIME_UP))
        .isEqualTo(pauses(MessageRule.NOBODY_TO_ASK, TIME_UP, Duration.ofSeconds(20), 0));
  }

  @Test
  void callsItsActionsInOrder() {
    assertThat(next(aMessage().open(ACTION, ACTION), SOON))
        .isEqualTo(new Verdict(MessageRule.CALL_ACTIONS, Decision.Call.one(0)));
    assertThat(next(aMessage().done(ACTION).open(ACTION), SOON))
        .isEqualTo(new Verdict(MessageRule.CALL_ACTIONS, Decision.Call.one(1)));
  }

  @Test
  void callsItsActionsAllAtOnceWhenConcurrent() {
    assertThat(next(aMessage().open(ACTION, ACTION).concurrent(), SOON))
        .isEqualTo(new Verdict(MessageRule.CALL_ACTIONS, new Decision.Call(List.of(0, 1))));
  }

  @Test
  void waitsForRunningActions() {
    pass.started(0);

    assertThat(next(aMessage().open(ACTION, ACTION), SOON))
        .isEqualTo(new Verdict(MessageRule.AWAIT_ACTIONS, new Decision.Await()));
  }

  @Test
  void retriesARefusedActionForEver() {
    pass.leftOpen(0, new BranchResult.Refused("no"));

    assertThat(next(aMessage().open(ACTION, ACTION), SOON))
        .isEqualTo(pauses(MessageRule.PAUSE, SOON, Duration.ofSeconds(20), 1));
  }

  @Test
  void succeedsOnceEveryActionDid() {
    assertThat(next(aMessage().done(ACTION), SOON))
        .isEqualTo(new Verdict(MessageRule.FINISH, new Decision.Move(SUCCEEDED, "")));
  }

  @Test
  void waitsForItsDelayToTheMoment() {
    assertThat(next(aMessage(Duration.ofSeconds(30)).open(ACTION), SOON))
        .isEqualTo(
            new Verdict(
                MessageRule.DELAYED,
                new Decision.Pause(
                    new Schedule(
                        Transactions.CREATED.plusSeconds(30), Duration.ofSeconds(10), 0, ""))));
    assertThat(
            next(
                aMessage(Duration.ofSeconds(30)).open(ACTION),
                Transactions.CREATED.plusSeconds(30)))
        .isEqualTo(new Verdict(MessageRule.CALL_ACTIONS, Decision.Call.one(0)));
  }

  @Test
  void doesNothingOnceEnded() {
    assertThat(next(aMessage().status(SUCCEEDED), SOON))
        .isEqualTo(new Verdict(MessageRule.ENDED, new Decision.Done()));
    assertThat(next(aMessage().status(FAILED), SOON))
        .isEqualTo(new Verdict(MessageRule.ENDED, new Decision.Done()));
  }

  @Test
  void isNeverAborting() {
    assertThatThrownBy(() -> next(aMessage().status(ABORTING), SOON))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("aborting");
  }

  private Verdict next(Transactions message, Instant now) {
    var verdict = machine.next(message.build(), pass, now);
    TAKEN.add((MessageRule) verdict.rule());
    return verdict;
  }

  private static Verdict pauses(MessageRule rule, Instant now, Duration interval, int failures) {
    return new Verdict(
        rule, new Decision.Pause(new Schedule(now.plus(interval), interval, failures, "")));
  }
}
