package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Step;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills the engine between any two of its writes, in every mode, and has another one go on over the
 * same store. A client stops at its first error, and what it was told before has to hold.
 */
class EngineKillTest extends EngineFixture {
  private static final Gid GID = new Gid("a");
  private static final int WRITES_MAX = 10;

  private boolean submitted;
  private boolean aborted;
  private int registered;
  private boolean ended;

  static Stream<Integer> everyWrite() {
    return IntStream.range(0, WRITES_MAX).boxed();
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void aSagaEndsWhateverItsLastWriteWas(int writes) {
    killAfter(writes, () -> submitted = accepted(coordinator.submit(saga())), this::settle);

    assertThat(ends()).isEqualTo(submitted ? SUCCEEDED : endOfUnacknowledged());
    assertThat(participants.calls()).noneMatch(url -> url.endsWith("/undo"));
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void aRefusedSagaIsUndoneWhateverItsLastWriteWas(int writes) {
    participants.answer("http://credit/do", REFUSED, REFUSED, REFUSED);

    killAfter(writes, () -> submitted = accepted(coordinator.submit(saga())), this::settle);

    var end = ends();
    if (submitted) {
      assertThat(end).isEqualTo(FAILED);
      assertThat(participants.calls()).contains("http://credit/undo", "http://debit/undo");
    }
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void aTccIsConfirmedOrCancelledButNeverBoth(int writes) {
    killAfter(
        writes,
        () -> coordinator.prepare(request(new TransactionSpec.Tcc())),
        () -> registerTcc("debit"),
        () -> registerTcc("credit"),
        () -> submitted = accepted(coordinator.submit(request(new TransactionSpec.Tcc()))),
        this::settle);

    var end = ends();
    if (submitted) {
      assertThat(end).isEqualTo(SUCCEEDED);
      assertThat(participants.calls()).contains("http://debit/confirm", "http://credit/confirm");
    }
    assertNeverBoth("debit");
    assertNeverBoth("credit");
    assertRegisteredIsSettled();
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void anAbortedTccIsNeverConfirmed(int writes) {
    killAfter(
        writes,
        () -> coordinator.prepare(request(new TransactionSpec.Tcc())),
        () -> registerTcc("debit"),
        () -> registerTcc("credit"),
        () -> aborted = accepted(coordinator.abort(GID, TransactionMode.TCC, "no")),
        this::settle);

    assertThat(ends()).isIn(FAILED, null);
    assertThat(participants.calls()).noneMatch(url -> url.endsWith("/confirm"));
    assertRegisteredIsSettled();
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void anXaIsCommittedOrRolledBackAsAWhole(int writes) {
    killAfter(
        writes,
        () -> coordinator.prepare(request(new TransactionSpec.Xa())),
        () -> registerXa("debit"),
        () -> registerXa("credit"),
        () -> submitted = accepted(coordinator.submit(request(new TransactionSpec.Xa()))),
        this::settle);

    var end = ends();
    if (submitted) {
      assertThat(end).isEqualTo(SUCCEEDED);
    }
    var settled = end == SUCCEEDED ? Operation.COMMIT : Operation.ROLLBACK;
    stored()
        .forEach(transaction ->
            assertThat(transaction.branches())
                .filteredOn(branch -> branch.is(settled))
                .allMatch(branch -> branch.status() == BranchStatus.SUCCEEDED));
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void aSubmittedMessageIsDelivered(int writes) {
    participants.answer("http://sender/check", REFUSED);

    killAfter(
        writes,
        () -> coordinator.prepare(message()),
        () -> submitted = accepted(coordinator.submit(message())),
        this::settle);

    var end = ends();
    if (submitted) {
      assertThat(end).isEqualTo(SUCCEEDED);
      assertThat(participants.calls()).contains("http://one/do", "http://two/do");
    }
    if (end == FAILED) {
      assertThat(participants.calls()).containsOnly("http://sender/check");
    }
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void aRolledBackMessageIsNeverDelivered(int writes) {
    participants.answer("http://sender/check", REFUSED);

    killAfter(
        writes,
        () -> coordinator.prepare(message()),
        () -> aborted = accepted(coordinator.abort(GID, TransactionMode.MESSAGE, "")),
        this::settle);

    assertThat(ends()).isIn(FAILED, null);
    assertThat(participants.calls()).doesNotContain("http://one/do", "http://two/do");
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void aMessageWhoseSenderVanishedIsDeliveredIfItCommitted(int writes) {
    killAfter(writes, () -> coordinator.prepare(message()), () -> advance(Duration.ofMinutes(1)));

    assertThat(ends()).isIn(SUCCEEDED, null);
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void aWorkflowKeepsItsStepsAndItsEnd(int writes) {
    killAfter(
        writes,
        () ->
            coordinator.prepareWorkflow(
                request(new TransactionSpec.Workflow("w", Payload.empty()))),
        () -> recordStep("01"),
        () -> recordStep("02"),
        () -> ended = accepted(coordinator.endWorkflow(GID, SUCCEEDED, "", "result")));

    advance(Duration.ofMinutes(30));
    stored()
        .forEach(workflow -> {
          assertThat(workflow.branches()).hasSizeGreaterThanOrEqualTo(registered);
          assertThat(workflow.status()).isEqualTo(ended ? SUCCEEDED : workflow.status());
          if (workflow.status() == PREPARED) {
            assertThat(participants.calls()).as("was resumed").contains("http://sender/check");
          }
        });
  }

  /**
   * Gives the commands until one fails, with a store that dies after so many batches; then another
   * engine takes over.
   */
  private void killAfter(int batches, Runnable... commands) {
    store.dieAfter(batches);
    try {
      for (var command : commands) {
        command.run();
      }
    } catch (StoreUnavailable killed) {
      // The client learns that the server is gone, and goes no further.
    }
    settle();
    engine.close();
    store.revive();
    startEngine("node-2", time, CONFIG);
  }

  /** The status after everything had its time; null when nothing was ever stored. */
  private TransactionStatus ends() {
    advance(Duration.ofHours(2));
    var found = store.find(GID).map(GlobalTransaction::status).orElse(null);
    if (found != null) {
      assertThat(found.isFinal()).as("%s ends", found).isTrue();
    }
    return found;
  }

  private TransactionStatus endOfUnacknowledged() {
    return store.find(GID).isPresent() ? SUCCEEDED : null;
  }

  private Stream<GlobalTransaction> stored() {
    return store.find(GID).stream();
  }

  private void assertNeverBoth(String participant) {
    assertThat(
            participants.calls().contains("http://%s/confirm".formatted(participant))
                && participants.calls().contains("http://%s/cancel".formatted(participant)))
        .as("I7: %s", participants.calls())
        .isFalse();
  }

  private void assertRegisteredIsSettled() {
    assertThat(participants.calls().stream().distinct().count())
        .as("every registered branch was called: %s", participants.calls())
        .isGreaterThanOrEqualTo(registered);
  }

  private static boolean accepted(CommandOutcome outcome) {
    assertThat(outcome).isInstanceOf(CommandOutcome.Accepted.class);
    return true;
  }

  private void registerTcc(String name) {
    register(
        TransactionMode.TCC,
        branch(name, Operation.CANCEL, "http://%s/cancel".formatted(name)),
        branch(name, Operation.CONFIRM, "http://%s/confirm".formatted(name)));
  }

  private void registerXa(String name) {
    var url = "http://%s/xa".formatted(name);
    register(
        TransactionMode.XA,
        branch(name, Operation.ROLLBACK, url),
        branch(name, Operation.COMMIT, url));
  }

  private void register(TransactionMode mode, NewBranch... branches) {
    accepted(coordinator.register(GID, mode, List.of(branches)));
    registered++;
  }

  private void recordStep(String id) {
    accepted(
        coordinator.register(
            GID,
            TransactionMode.WORKFLOW,
            List.of(
                new NewBranch(
                    id, Operation.ACTION, "", Payload.ofText("done"), BranchStatus.SUCCEEDED))));
    registered++;
  }

  private static NewBranch branch(String id, Operation operation, String url) {
    return new NewBranch(id, operation, url, Payload.empty(), BranchStatus.PREPARED);
  }

  private static TransactionRequest saga() {
    return Sagas.request("a", DEFAULTS, Sagas.step("debit"), Sagas.step("credit"));
  }

  private static TransactionRequest message() {
    return request(new TransactionSpec.Message(Duration.ZERO), "http://one/do", "http://two/do");
  }

  private static TransactionRequest request(TransactionSpec spec, String... actions) {
    return new TransactionRequest(
        GID,
        spec,
        BranchProtocol.HTTP,
        DEFAULTS,
        "http://sender/check",
        "",
        Stream.of(actions).map(url -> new Step(url, "", Payload.empty())).toList());
  }
}
