package io.dtm.testing.sdk;

import static io.dtm.testing.sdk.Participant.askLater;
import static io.dtm.testing.sdk.Participant.breakDown;
import static io.dtm.testing.sdk.Participant.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchUnclear;
import io.dtm.client.ManagerOperation;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionRefused;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionState;
import io.dtm.client.TransactionStatus;
import io.dtm.workflow.HistoryChanged;
import io.dtm.workflow.Workflow;
import io.dtm.workflow.WorkflowFunction;
import io.dtm.workflow.WorkflowResult;
import io.dtm.workflow.WorkflowResult.Pending;
import io.dtm.workflow.WorkflowResult.RolledBack;
import io.dtm.workflow.WorkflowResult.Succeeded;
import io.dtm.workflow.WorkflowStopped;
import io.dtm.workflow.Workflows;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource
class WorkflowTest {
  /** What the workflows here are started with and return. */
  record Money(int amount) {}

  private static final Money THIRTY = new Money(30);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static World world;

  private final Way way;
  private final TransactionClient client;
  private final String gid;
  private final Participant participant = world.participant;
  private final WorkflowNode node = new WorkflowNode();
  private final List<String> done = new CopyOnWriteArrayList<>();

  WorkflowTest(Way way) {
    this.way = way;
    this.client = world.client(way);
    this.gid = client.newGid();
  }

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @AfterEach
  void closeNode() {
    node.close();
  }

  /** Runs it here; should it not end, the server has it resumed by this same code. */
  private WorkflowResult<Money> execute(WorkflowFunction<Money, Money> function) {
    var workflow = Workflow.of("pay", Money.class, Money.class, function);
    return node.runs(Workflows.builder(client).resumeAt(node.address(way)).add(workflow).build())
        .execute(workflow, gid, THIRTY);
  }

  /** What a new process would resume, without running it now. */
  private void deploy(WorkflowFunction<Money, Money> function) {
    var workflow = Workflow.of("pay", Money.class, Money.class, function);
    node.runs(Workflows.builder(client).resumeAt(node.address(way)).add(workflow).build());
  }

  @Test
  void everyStepTakesEffectAndTheResultIsKept() {
    WorkflowFunction<Money, Money> function =
        (workflow, money) -> {
          var fee = workflow.step("fee", Integer.class, branch -> note("fee", money.amount() / 10));
          var answer = workflow.call("take", address("success-take"), money);
          workflow.tcc(
              "book", address("success-try"), address("success-yes"), address("success-no"), money);
          assertThat(answer).isEqualTo(Payload.of("done"));
          return new Money(money.amount() - fee);
        };

    var result = execute(function);

    assertThat(result).isEqualTo(new Succeeded<>(gid, new Money(27)));
    assertThat(participant.asked(gid))
        .containsExactly(
            "success-take 02 action", "success-try 03 action", "success-yes 03 commit");
    assertThat(participant.calls(gid).get(0).payload()).isEqualTo(Payload.of("{\"amount\":30}"));
    assertThat(branches()).containsExactly("01 action", "02 action", "03 action", "03 commit");
    assertThat(execute(function)).as("it is not run again").isEqualTo(result);
    assertThat(done).containsExactly("fee");
  }

  @Test
  void aRefusalUndoesWhatWasDone() {
    participant.always("refused-book", refuse("account frozen"));

    var result =
        execute((workflow, money) -> {
          workflow
              .branch("take")
              .onRollback(address("refused-give"), money)
              .call(address("refused-take"), money);
          workflow.branch("note").onRollback(branch -> note("undo", 0)).step(branch -> {});
          workflow.tcc(
              "book",
              address("refused-book"),
              address("refused-yes"),
              address("refused-no"),
              money);
          return money;
        });

    assertThat(result)
        .isInstanceOfSatisfying(
            RolledBack.class,
            rolledBack -> assertThat(rolledBack.reason()).endsWith("refused: account frozen"));
    assertThat(participant.asked(gid))
        .containsExactly(
            "refused-take 01 action", "refused-book 03 action", "refused-give 01 rollback");
    assertThat(done).containsExactly("undo");
    assertThat(client.query(gid))
        .satisfies(state -> {
          assertThat(state.status()).isEqualTo(TransactionStatus.FAILED);
          assertThat(state.reason()).endsWith("refused: account frozen");
        });
  }

  @Test
  void aNewProcessGoesOnWhereTheOldOneDied() {
    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((workflow, money) -> {
              workflow.step("one", branch -> note("one", 0));
              workflow.call("two", address("crash-two"), money);
              throw new IOException("crash");
            }));

    deploy((workflow, money) -> {
      workflow.step("one", branch -> note("one again", 0));
      workflow.call("two", address("crash-two"), money);
      workflow.step("three", branch -> note("three of %d".formatted(money.amount()), 0));
      return money;
    });
    var end = Retries.untilTheEnd(client, gid);

    assertThat(end.status()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(done).containsExactly("one", "three of 30");
    assertThat(participant.asked(gid)).containsExactly("crash-two 02 action");
  }

  @Test
  void anotherHistoryParksItUntilTheCodeIsRightAgain() {
    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((workflow, money) -> {
              workflow.step("take", branch -> note("take", 0));
              throw new IOException("crash");
            }));
    deploy((workflow, money) -> {
      workflow.step("book", branch -> note("book", 0));
      return money;
    });

    var parked = untilParked();

    assertThat(parked.status()).isEqualTo(TransactionStatus.PREPARED);
    assertThat(parked.parkedReason())
        .contains("step 01 was recorded as 'take', but now step 01 is 'book'");
    assertThat(done).containsExactly("take");
    deploy((workflow, money) -> {
      workflow.step("take", branch -> note("take", 0));
      return money;
    });
    assertThat(Retries.untilTheEnd(client, gid).status()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(done).containsExactly("take");
  }

  @Test
  void whoeverExecutesItAgainIsToldOfAnotherHistoryAtOnce() {
    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((workflow, money) -> {
              workflow.step("take", branch -> {});
              throw new IOException("crash");
            }));

    assertThatExceptionOfType(HistoryChanged.class)
        .isThrownBy(() -> execute((workflow, money) -> money));

    assertThat(client.query(gid).parkedReason())
        .contains("step 01 was recorded as 'take', but now the function ends after 0 steps");
  }

  @Test
  void aParticipantThatIsStillAtWorkIsAskedAgain() {
    participant.once("ongoing-take", askLater());

    var first =
        execute((workflow, money) -> called(workflow.call("t", address("ongoing-take"), money)));

    assertThat(first)
        .isInstanceOfSatisfying(
            Pending.class,
            pending -> assertThat(pending.cause()).isInstanceOf(BranchOngoing.class));
    assertThat(Retries.untilTheEnd(client, gid).status()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(participant.asked(gid))
        .containsExactly("ongoing-take 01 action", "ongoing-take 01 action");
  }

  @Test
  void anUnclearAnswerAndAnUnclearUndoingAreAskedForAgain() {
    participant.once("unclear-take", breakDown());
    participant.once("unclear-give", breakDown());
    participant.always("unclear-book", refuse("no"));

    var first =
        execute((workflow, money) -> {
          workflow
              .branch("take")
              .onRollback(address("unclear-give"), money)
              .call(address("unclear-take"), money);
          return called(workflow.call("book", address("unclear-book"), money));
        });

    assertThat(first)
        .isInstanceOfSatisfying(
            Pending.class,
            pending -> assertThat(pending.cause()).isInstanceOf(BranchUnclear.class));
    assertThat(Retries.untilTheEnd(client, gid).status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(gid))
        .containsExactly(
            "unclear-take 01 action",
            "unclear-take 01 action",
            "unclear-book 02 action",
            "unclear-give 01 rollback",
            "unclear-give 01 rollback");
  }

  @Test
  void aStepMayBeATransactionOfItsOwn() {
    var result =
        execute((workflow, money) -> {
          workflow.step(
              "nested",
              branch -> {
                var tcc = client.tcc(branch.nestedGid()).waitForResult();
                var end =
                    tcc.run(branches ->
                        branches.branch(
                            address("nested-try"),
                            address("nested-yes"),
                            address("nested-no"),
                            money));
                assertThat(end).isEqualTo(new TransactionResult.Succeeded(gid + "-01-action"));
              });
          return money;
        });

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(participant.asked(gid + "-01-action"))
        .containsExactly("nested-try 01 try", "nested-yes 01 confirm");
  }

  @Test
  void bytesThatAreNoTextAreRecordedAndComeBack() {
    var bytes = Payload.of(new byte[] {0, (byte) 0xFF, 10});
    WorkflowFunction<Money, Money> function =
        (workflow, money) -> {
          assertThat(workflow.step("bytes", Payload.class, branch -> bytes)).isEqualTo(bytes);
          if (done.isEmpty()) {
            note("crash", 0);
            throw new IOException("crash");
          }
          return money;
        };
    assertThatExceptionOfType(WorkflowStopped.class).isThrownBy(() -> execute(function));

    assertThat(execute(function)).isInstanceOf(Succeeded.class);
  }

  @Test
  void theGidOfAnotherTransactionIsRefused() {
    client.message(gid).step(address("other")).submit();

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> execute((workflow, money) -> money));
  }

  @Test
  void progressIsToldInTheSameWordsOverBothWays() {
    var asked = "{\"gid\":\"%s\",\"trans_type\":\"workflow\",".formatted(gid);
    var workflow = asked + "\"custom_data\":\"{\\\"name\\\":\\\"w\\\",\\\"data\\\":null}\"}";
    ask(ManagerOperation.PREPARE_WORKFLOW, workflow);
    ask(
        ManagerOperation.REGISTER_BRANCH,
        asked + "\"branch_id\":\"01\",\"op\":\"action\",\"status\":\"failed\"}",
        Payload.of("why"));

    assertThat(ask(ManagerOperation.PREPARE_WORKFLOW, workflow).body())
        .contains(
            "\"branch_id\":\"01\"",
            "\"op\":\"action\"",
            "\"status\":\"failed\"",
            "\"bin_data\":\"d2h5\"",
            "\"gid\":\"" + gid + "\"",
            "\"status\":\"prepared\"");
    ask(
        ManagerOperation.SUBMIT,
        asked
            + "\"req_extra\":{\"status\":\"failed\",\"rollback_reason\":\"no\",\"result\":\"YQ==\"}}");
    assertThat(ask(ManagerOperation.PREPARE_WORKFLOW, workflow).body())
        .contains("\"rollback_reason\":\"no\"", "\"result\":\"YQ==\"");
  }

  private ManagerReply ask(ManagerOperation operation, String json, Payload... payloads) {
    var request = new ManagerRequest(operation, gid, json, List.of(payloads));
    var reply = client.transport().call(request).toCompletableFuture().join();
    assertThat(reply.status()).isEqualTo(200);
    return reply;
  }

  private TransactionState untilParked() {
    client.retryNow(gid);
    var state = client.query(gid);
    while (state.parkedReason().isEmpty()) {
      state = client.waitFor(gid, SHORT);
    }
    return state;
  }

  private List<String> branches() {
    return client.query(gid).branches().stream()
        .map(branch -> branch.branchId() + " " + branch.operation())
        .toList();
  }

  private int note(String what, int value) {
    done.add(what);
    return value;
  }

  private static Money called(Payload answer) {
    assertThat(answer).isEqualTo(Payload.of("done"));
    return THIRTY;
  }

  private String address(String name) {
    return participant.address(way, name);
  }
}
