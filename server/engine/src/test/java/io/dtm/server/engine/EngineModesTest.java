package io.dtm.server.engine;

import static io.dtm.server.core.Operation.ACTION;
import static io.dtm.server.core.Operation.CANCEL;
import static io.dtm.server.core.Operation.COMMIT;
import static io.dtm.server.core.Operation.CONFIRM;
import static io.dtm.server.core.Operation.ROLLBACK;
import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Step;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** TCC, XA, messages and workflows, from the command to the last call. */
class EngineModesTest extends EngineFixture {
  private static final Gid GID = new Gid("a");
  private static final CommandOutcome ACCEPTED = new CommandOutcome.Accepted();
  private static final TransactionSpec TCC = new TransactionSpec.Tcc();
  private static final TransactionSpec XA = new TransactionSpec.Xa();
  private static final TransactionSpec MESSAGE = new TransactionSpec.Message(Duration.ZERO);
  private static final TransactionSpec WORKFLOW =
      new TransactionSpec.Workflow("order", Payload.ofText("data"));

  @Test
  void confirmsEveryBranchOfATccTheLastFirst() {
    prepareTcc("debit", "credit");

    coordinator.submit(request(TCC, WAITED));

    assertThat(participants.calls())
        .containsExactly("http://credit/confirm", "http://debit/confirm");
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(branchStatuses("a"))
        .containsExactly(
            BranchStatus.PREPARED,
            BranchStatus.SUCCEEDED,
            BranchStatus.PREPARED,
            BranchStatus.SUCCEEDED);
  }

  @Test
  void cancelsEveryBranchOfAnAbortedTcc() {
    prepareTcc("debit", "credit");

    assertThat(coordinator.abort(GID, TransactionMode.TCC, "client says no")).isEqualTo(ACCEPTED);

    settle();
    assertThat(participants.calls()).containsExactly("http://credit/cancel", "http://debit/cancel");
    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(stored("a").progress().rollbackReason()).isEqualTo("client says no");
  }

  @Test
  void anAbortThatMeetsALockIsToBeRepeated() {
    prepareTcc("debit", "credit");
    store.failNext(ObservedStore.Fault.LOCKED);

    assertThatThrownBy(() -> coordinator.abort(GID, TransactionMode.TCC, "no"))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("locked by an operator");

    assertThat(stored("a").status()).isEqualTo(PREPARED);
    assertThat(coordinator.abort(GID, TransactionMode.TCC, "no")).isEqualTo(ACCEPTED);
  }

  /** I7, whatever the order in which the client's commands arrive. */
  @Test
  void neverBothConfirmsAndCancels() {
    prepareTcc("debit");

    var commands =
        Stream.<Supplier<CommandOutcome>>of(
                () -> coordinator.submit(request(TCC, WAITED)),
                () -> coordinator.abort(GID, TransactionMode.TCC, "no"),
                () -> coordinator.submit(request(TCC, DEFAULTS)),
                () -> coordinator.abort(GID, TransactionMode.TCC, "no"))
            .map(command -> CompletableFuture.supplyAsync(command, threads))
            .toList();
    commands.forEach(CompletableFuture::join);

    advance(Duration.ofMinutes(1));
    assertThat(participants.calls()).hasSize(1);
    assertThat(stored("a").status().isFinal()).isTrue();
  }

  /** D1: the reference marks it succeeded without a single confirm. */
  @Test
  void aRepeatedSubmitOfATccConfirmsTheStoredBranches() {
    prepareTcc("debit");
    participants.answer("http://debit/confirm", UNCLEAR);
    coordinator.submit(request(TCC, DEFAULTS));
    settle();

    coordinator.submit(request(TCC, WAITED));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls("http://debit/confirm")).isEqualTo(2);
  }

  /** D2: the reference believes the request. */
  @Test
  void theStoredModeDecides() {
    prepareTcc("debit");

    assertThat(coordinator.submit(request(XA, DEFAULTS)))
        .isEqualTo(new CommandOutcome.WrongMode(TransactionMode.TCC));
    assertThat(coordinator.abort(GID, TransactionMode.XA, ""))
        .isEqualTo(new CommandOutcome.WrongMode(TransactionMode.TCC));
    assertThat(coordinator.register(GID, TransactionMode.XA, List.of()))
        .isEqualTo(new CommandOutcome.WrongMode(TransactionMode.TCC));
    assertThat(stored("a").status()).isEqualTo(PREPARED);
  }

  @Test
  void cancelsWhatItsClientLeftBehind() {
    prepareTcc("debit");

    advance(Duration.ofSeconds(35).minusMillis(1));
    assertThat(stored("a").status()).isEqualTo(PREPARED);

    advance(Duration.ofMillis(1));
    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(stored("a").progress().rollbackReason()).isEqualTo("Timeout after 35 seconds");
    assertThat(participants.calls()).containsExactly("http://debit/cancel");
    assertThat(registerTcc("credit")).isEqualTo(wrongStatus(TransactionMode.TCC, FAILED));
  }

  @Test
  void registersABranchOnce() {
    prepareTcc("debit");

    assertThat(registerTcc("debit")).isEqualTo(ACCEPTED);
    assertThat(
            coordinator.register(
                GID, TransactionMode.TCC, List.of(open("debit", CANCEL, "http://else/cancel"))))
        .isEqualTo(new CommandOutcome.BranchExists("debit", CANCEL));
    assertThat(
            coordinator.register(
                GID,
                TransactionMode.TCC,
                List.of(
                    open("debit", CANCEL, "http://debit/cancel"),
                    open("debit", CONFIRM, "http://else/confirm"))))
        .isEqualTo(new CommandOutcome.BranchExists("debit", CONFIRM));
    assertThat(stored("a").branches()).hasSize(2);
    assertThat(coordinator.register(new Gid("?"), TransactionMode.TCC, List.of()))
        .isEqualTo(new CommandOutcome.NotFound());
  }

  @Test
  void hasALimitOfBranches() {
    topics.put("paid", Collections.nCopies(1_000, "http://points/paid"));
    var actions = Collections.nCopies(21, "topic://paid").toArray(String[]::new);

    assertThat(coordinator.submit(request(MESSAGE, DEFAULTS, actions)))
        .isEqualTo(new CommandOutcome.TooManyBranches(20_000));
    assertThat(store.find(GID)).isEmpty();
  }

  @Test
  void aTccWithoutBranchesSucceedsAtOnce() {
    assertThat(coordinator.submit(request(TCC, WAITED)))
        .isEqualTo(new CommandOutcome.PassEnded(stored("a")));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void keepsConfirmingThoughAParticipantRefuses() {
    prepareTcc("debit");
    participants.answer("http://debit/confirm", REFUSED, ONGOING, UNCLEAR);
    coordinator.submit(request(TCC, DEFAULTS));

    advance(Duration.ofMinutes(2));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls("http://debit/confirm")).isEqualTo(4);
  }

  @Test
  void anAbortThatIsRepeatedGoesOnCancelling() {
    prepareTcc("debit");
    participants.answer("http://debit/cancel", UNCLEAR);
    coordinator.abort(GID, TransactionMode.TCC, "no");
    settle();
    assertThat(stored("a").status()).isEqualTo(ABORTING);

    coordinator.abort(GID, TransactionMode.TCC, "no");

    settle();
    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(coordinator.abort(GID, TransactionMode.TCC, "no"))
        .isEqualTo(wrongStatus(TransactionMode.TCC, FAILED));
  }

  @Test
  void commitsTheBranchesOfAnXaInTheirOrder() {
    coordinator.prepare(request(XA, DEFAULTS));
    for (var name : List.of("debit", "credit")) {
      var url = "http://%s/xa".formatted(name);
      coordinator.register(
          GID, TransactionMode.XA, List.of(open(name, ROLLBACK, url), open(name, COMMIT, url)));
    }

    coordinator.submit(request(XA, WAITED));

    assertThat(participants.calls()).containsExactly("http://debit/xa", "http://credit/xa");
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void deliversAMessageInOrder() {
    coordinator.submit(request(MESSAGE, WAITED, "http://one/do", "http://two/do"));

    assertThat(participants.calls()).containsExactly("http://one/do", "http://two/do");
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void retriesAMessageThatIsRefused() {
    participants.answer("http://one/do", REFUSED);
    coordinator.submit(request(MESSAGE, DEFAULTS, "http://one/do", "http://two/do"));
    settle();
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);

    advance(Duration.ofSeconds(20));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void deliversToEverySubscriberOfATopic() {
    topics.put("paid", List.of("http://stock/paid", "http://points/paid"));
    topics.put("seen", List.of("http://audit/seen"));

    coordinator.submit(request(MESSAGE, WAITED, "topic://paid", "topic://seen"));

    assertThat(stored("a").branches())
        .extracting(Branch::branchId)
        .containsExactly("01-01", "01-02", "02");
    assertThat(participants.calls())
        .containsExactly("http://stock/paid", "http://points/paid", "http://audit/seen");
  }

  @Test
  void refusesAMessageToNobody() {
    assertThat(coordinator.submit(request(MESSAGE, WAITED, "topic://nobody")))
        .isEqualTo(new CommandOutcome.UnknownTopic("nobody"));
    assertThat(store.find(GID)).isEmpty();
  }

  @Test
  void delaysAMessageToTheMoment() {
    coordinator.submit(
        request(new TransactionSpec.Message(Duration.ofSeconds(30)), DEFAULTS, "http://one/do"));

    advance(Duration.ofSeconds(30).minusMillis(1));
    assertThat(participants.calls()).isEmpty();

    advance(Duration.ofMillis(1));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  /**
   * The delay comes with the submit, not with the prepare; it must survive a crash after the
   * submit.
   */
  @Test
  void keepsWhatTheSubmitOfAMessageSays() {
    coordinator.prepare(request(MESSAGE, DEFAULTS, "http://one/do"));

    coordinator.submit(
        new TransactionRequest(
            GID,
            new TransactionSpec.Message(Duration.ofHours(1)),
            BranchProtocol.HTTP,
            DEFAULTS,
            "",
            "{\"delay\":3600}",
            List.of()));

    settle();
    assertThat(stored("a").definition().spec())
        .isEqualTo(new TransactionSpec.Message(Duration.ofHours(1)));
    advance(Duration.ofHours(1));
    assertThat(participants.calls()).containsExactly("http://one/do");
  }

  @Test
  void asksTheSenderThatWentSilentAndDeliversIfItCommitted() {
    participants.answer("http://sender/check", ONGOING, UNCLEAR);
    coordinator.prepare(request(MESSAGE, DEFAULTS, "http://one/do"));

    advance(Duration.ofMinutes(2));

    assertThat(participants.calls("http://sender/check")).isEqualTo(3);
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(events)
        .filteredOn(EngineEvent.RetryScheduled.class::isInstance)
        .extracting(event -> ((EngineEvent.RetryScheduled) event).url())
        .containsExactly("http://sender/check");
  }

  @Test
  void neverDeliversWhatTheSenderDidNotCommit() {
    participants.answer("http://sender/check", REFUSED);
    coordinator.prepare(request(MESSAGE, DEFAULTS, "http://one/do"));

    advance(Duration.ofMinutes(2));

    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(participants.calls()).containsExactly("http://sender/check");
  }

  @Test
  void anAbortedMessageIsNeverDelivered() {
    coordinator.prepare(request(MESSAGE, DEFAULTS, "http://one/do"));

    assertThat(coordinator.abort(GID, TransactionMode.MESSAGE, "")).isEqualTo(ACCEPTED);

    advance(Duration.ofMinutes(2));
    assertThat(participants.calls()).isEmpty();
    assertThat(coordinator.submit(request(MESSAGE, DEFAULTS)))
        .isEqualTo(wrongStatus(TransactionMode.MESSAGE, FAILED));
  }

  @Test
  void recordsTheStepsOfAWorkflowAndItsEnd() {
    assertThat(coordinator.prepareWorkflow(request(WORKFLOW, DEFAULTS)))
        .isEqualTo(new CommandOutcome.Found(stored("a")));
    coordinator.register(GID, TransactionMode.WORKFLOW, List.of(done("01", ACTION, "result")));

    assertThat(coordinator.endWorkflow(GID, SUCCEEDED, "", "cmVzdWx0")).isEqualTo(ACCEPTED);

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(stored("a").progress().result()).isEqualTo("cmVzdWx0");
    assertThat(branchStatuses("a")).containsExactly(BranchStatus.SUCCEEDED);
    assertThat(coordinator.endWorkflow(GID, SUCCEEDED, "", "cmVzdWx0")).isEqualTo(ACCEPTED);
    assertThat(coordinator.endWorkflow(GID, FAILED, "", ""))
        .isEqualTo(wrongStatus(TransactionMode.WORKFLOW, SUCCEEDED));
    assertThat(coordinator.prepareWorkflow(request(WORKFLOW, DEFAULTS)))
        .isEqualTo(new CommandOutcome.Found(stored("a")));
  }

  @Test
  void resumesAWorkflowThatIsNotHeardOf() {
    coordinator.prepareWorkflow(request(WORKFLOW, DEFAULTS));
    advance(Duration.ofSeconds(9));
    coordinator.register(GID, TransactionMode.WORKFLOW, List.of(done("01", ACTION, "result")));

    advance(Duration.ofSeconds(9));
    assertThat(participants.calls()).as("it was heard of 9 s ago").isEmpty();

    advance(Duration.ofSeconds(1));
    assertThat(participants.calls()).containsExactly("http://sender/check");
  }

  /** D20: the reference resumes at a constant pace, beside a run that still runs. */
  @Test
  void resumesAWorkflowLessAndLessOftenAndNeverTwiceAtOnce() throws Exception {
    coordinator.prepareWorkflow(request(WORKFLOW, DEFAULTS));
    participants.answer("http://sender/check", UNCLEAR, UNCLEAR);
    advance(Duration.ofSeconds(10 + 20 + 40));
    assertThat(participants.calls("http://sender/check")).isEqualTo(3);

    participants.hold("http://sender/check");
    threads.execute(() -> advance(Duration.ofSeconds(50)));
    participants.awaitCall("http://sender/check");
    coordinator.register(GID, TransactionMode.WORKFLOW, List.of(done("01", ACTION, "1")));
    coordinator.register(GID, TransactionMode.WORKFLOW, List.of(done("02", ACTION, "2")));
    participants.release("http://sender/check");

    awaitStored("a", t -> !t.schedule().isClaimed() && t.branches().size() == 2);
    assertThat(participants.calls("http://sender/check")).isEqualTo(4);
  }

  @Test
  void aWorkflowThatItsClientHasParkedIsNotResumedBeforeSomebodyAsksForIt() {
    coordinator.prepareWorkflow(request(WORKFLOW, DEFAULTS));

    assertThat(coordinator.parkWorkflow(GID, "another history")).isEqualTo(ACCEPTED);
    assertThat(coordinator.parkWorkflow(GID, "once more")).isEqualTo(ACCEPTED);

    advance(Duration.ofHours(12));
    assertThat(participants.calls()).isEmpty();
    assertThat(stored("a").schedule().parking())
        .isEqualTo(new Parking("another history", "sender:80", START));
    assertThat(events).filteredOn(EngineEvent.Parked.class::isInstance).hasSize(1);
    coordinator.retryNow(GID);
    settle();
    assertThat(participants.calls()).containsExactly("http://sender/check");
  }

  @Test
  void aClientMayParkTheWorkflowWhileItIsBeingResumed() throws Exception {
    coordinator.prepareWorkflow(request(WORKFLOW, DEFAULTS));
    participants.answer("http://sender/check", UNCLEAR);
    participants.hold("http://sender/check");
    threads.execute(() -> advance(Duration.ofSeconds(10)));
    participants.awaitCall("http://sender/check");

    assertThat(coordinator.parkWorkflow(GID, "another history")).isEqualTo(ACCEPTED);

    participants.release("http://sender/check");
    settle();
    assertThat(stored("a").schedule().isParked()).isTrue();
  }

  @Test
  void onlyAWorkflowThatIsUnderWayCanBeParked() {
    assertThat(coordinator.parkWorkflow(GID, "why")).isEqualTo(new CommandOutcome.NotFound());
    coordinator.prepare(request(TCC, DEFAULTS));
    assertThat(coordinator.parkWorkflow(GID, "why"))
        .isEqualTo(new CommandOutcome.WrongMode(TransactionMode.TCC));
  }

  @Test
  void aWorkflowThatHasEndedCannotBeParked() {
    coordinator.prepareWorkflow(request(WORKFLOW, DEFAULTS));
    coordinator.endWorkflow(GID, SUCCEEDED, "", "");

    assertThat(coordinator.parkWorkflow(GID, "why"))
        .isEqualTo(wrongStatus(TransactionMode.WORKFLOW, SUCCEEDED));
  }

  private void prepareTcc(String... participantNames) {
    assertThat(coordinator.prepare(request(TCC, DEFAULTS))).isEqualTo(ACCEPTED);
    for (var name : participantNames) {
      assertThat(registerTcc(name)).isEqualTo(ACCEPTED);
    }
  }

  private CommandOutcome registerTcc(String name) {
    return coordinator.register(
        GID,
        TransactionMode.TCC,
        List.of(
            open(name, CANCEL, "http://%s/cancel".formatted(name)),
            open(name, CONFIRM, "http://%s/confirm".formatted(name))));
  }

  private static NewBranch open(String id, Operation operation, String url) {
    return new NewBranch(id, operation, url, Payload.empty(), BranchStatus.PREPARED);
  }

  private static NewBranch done(String id, Operation operation, String result) {
    return new NewBranch(id, operation, "", Payload.ofText(result), BranchStatus.SUCCEEDED);
  }

  private static TransactionRequest request(
      TransactionSpec spec, TransactionOptions options, String... actions) {
    return new TransactionRequest(
        GID,
        spec,
        BranchProtocol.HTTP,
        options,
        "http://sender/check",
        "",
        Stream.of(actions).map(url -> new Step(url, "", Payload.empty())).toList());
  }

  private static CommandOutcome wrongStatus(TransactionMode mode, TransactionStatus actual) {
    return new CommandOutcome.WrongStatus(mode, actual);
  }
}
