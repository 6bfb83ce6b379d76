package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.server.engine.Transactions.aWorkflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class WorkflowMachineTest {
  private static final Instant NOW = Transactions.CREATED.plusSeconds(10);
  private static final Set<WorkflowRule> TAKEN = EnumSet.noneOf(WorkflowRule.class);

  private final WorkflowMachine machine =
      new WorkflowMachine(
          new RetryRule(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofSeconds(35)));
  private final PassState pass = new PassState();

  @AfterAll
  static void everyRuleWasTaken() {
    assertThat(TAKEN).containsExactlyInAnyOrder(WorkflowRule.values());
  }

  @Test
  void asksTheClientToGoOnUnderTheWorkflowsName() {
    assertThat(next(aWorkflow("order").status(PREPARED)))
        .isEqualTo(
            new Verdict(WorkflowRule.RESUME, new Decision.CheckBack(new Operation("order"))));
  }

  @Test
  void waitsForTheClient() {
    pass.checkBackStarted();

    assertThat(next(aWorkflow("order").status(PREPARED)))
        .isEqualTo(new Verdict(WorkflowRule.AWAIT_RESUME, new Decision.Await()));
  }

  @Test
  void asksLessAndLessOftenWhenTheClientFails() {
    pass.checkBackEnded(new BranchResult.Unclear("HTTP 500"));

    assertThat(next(aWorkflow("order").status(PREPARED)))
        .isEqualTo(pauses(WorkflowRule.PAUSE, Duration.ofSeconds(20), 1));
  }

  @Test
  void asksAgainAfterTheSamePauseWhileTheClientIsAtWork() {
    pass.checkBackEnded(new BranchResult.Ongoing());

    assertThat(next(aWorkflow("order").status(PREPARED)))
        .isEqualTo(pauses(WorkflowRule.PAUSE, Duration.ofSeconds(10), 0));
  }

  @Test
  void isParkedWhenTheClientHasFailedAsOftenAsItMay() {
    pass.checkBackEnded(new BranchResult.Unclear("HTTP 500"));

    var verdict = next(aWorkflow("order").status(PREPARED).attemptsMax(1));

    assertThat(verdict.rule()).isEqualTo(WorkflowRule.PARK);
    assertThat(((Decision.Pause) verdict.decision()).schedule().isParked()).isTrue();
  }

  @Test
  void asksNobodyWithoutAnAddress() {
    assertThat(next(aWorkflow("order").status(PREPARED).checkBackUrl("")))
        .isEqualTo(pauses(WorkflowRule.NOBODY_TO_ASK, Duration.ofSeconds(20), 0));
  }

  @Test
  void doesNothingOnceEnded() {
    assertThat(next(aWorkflow("order").status(SUCCEEDED)))
        .isEqualTo(new Verdict(WorkflowRule.ENDED, new Decision.Done()));
    assertThat(next(aWorkflow("order").status(FAILED)))
        .isEqualTo(new Verdict(WorkflowRule.ENDED, new Decision.Done()));
  }

  @Test
  void isNeverSubmitted() {
    assertThatThrownBy(() -> next(aWorkflow("order").status(SUBMITTED)))
        .isInstanceOf(IllegalStateException.class);
  }

  private Verdict next(Transactions workflow) {
    var verdict = machine.next(workflow.build(), pass, NOW);
    TAKEN.add((WorkflowRule) verdict.rule());
    return verdict;
  }

  private static Verdict pauses(WorkflowRule rule, Duration interval, int failures) {
    return new Verdict(
        rule, new Decision.Pause(new Schedule(NOW.plus(interval), interval, failures, "")));
  }
}
