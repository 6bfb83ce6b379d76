package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.server.engine.Sagas.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Step;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineTest extends EngineFixture {

  @Test
  void aWaitedSagaCostsTwoWrites() {
    assertThat(submit("a", WAITED)).isEqualTo(new CommandOutcome.PassEnded(stored("a")));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls()).containsExactly("http://debit/do", "http://credit/do");
    assertThat(store.applied()).isEqualTo(2);
  }

  @Test
  void anAcceptedSagaRunsInTheBackground() {
    assertThat(submit("a", DEFAULTS)).isEqualTo(new CommandOutcome.Accepted());

    settle();
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(stored("a").schedule().isClaimed()).isFalse();
  }

  @Test
  void undoesInReverseWhenAParticipantRefuses() {
    participants.answer("http://credit/do", REFUSED);

    submit("a", WAITED);

    assertThat(participants.calls())
        .containsExactly(
            "http://debit/do", "http://credit/do", "http://credit/undo", "http://debit/undo");
    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(stored("a").progress().rollbackReason())
        .isEqualTo("url:http://credit/do return failed: no FAILURE");
    assertThat(branchStatuses("a"))
        .containsExactly(
            BranchStatus.SUCCEEDED,
            BranchStatus.SUCCEEDED,
            BranchStatus.SUCCEEDED,
            BranchStatus.FAILED);
  }

  @Test
  void callsNothingWhereNoAddressIsGiven() {
    coordinator.submit(
        Sagas.request("a", WAITED, new Step("", "", Payload.empty()), step("credit")));

    assertThat(participants.calls()).containsExactly("http://credit/do");
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void retriesAfterPausesThatDoubleUpToALimit() {
    participants.answer(
        "http://debit/do", UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR);

    submit("a", DEFAULTS);

    settle();
    var pauses = new ArrayList<Long>();
    while (stored("a").status() == SUBMITTED) {
      pauses.add(Duration.between(time.instant(), stored("a").schedule().dueAt()).toSeconds());
      advance(Duration.between(time.instant(), stored("a").schedule().dueAt()));
    }
    assertThat(pauses).containsExactly(20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L);
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void retriesAtTheVeryMoment() {
    participants.answer("http://debit/do", UNCLEAR);
    submit("a", DEFAULTS);

    advance(Duration.ofSeconds(20).minusMillis(1));
    assertThat(participants.calls("http://debit/do")).isEqualTo(1);

    advance(Duration.ofMillis(1));
    assertThat(participants.calls("http://debit/do")).isEqualTo(2);
  }

  @Test
  void keepsThePauseWhileAParticipantIsAtWork() {
    participants.answer("http://debit/do", ONGOING, ONGOING);
    submit("a", DEFAULTS);

    advance(Duration.ofSeconds(10));
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);

    advance(Duration.ofSeconds(10));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void startsOverWithTheFirstPauseOnceABranchHasSucceeded() {
    participants.answer("http://debit/do", UNCLEAR, UNCLEAR);
    participants.answer("http://credit/do", UNCLEAR);
    submit("a", DEFAULTS);

    advance(Duration.ofSeconds(60));

    assertThat(stored("a").schedule().interval()).isEqualTo(Duration.ofSeconds(20));
    assertThat(stored("a").schedule().failures()).isEqualTo(1);
  }

  @Test
  void spendsItsRetryLimitWithinOnePass() {
    participants.answer("http://debit/do", UNCLEAR, UNCLEAR, UNCLEAR);

    coordinator.submit(Sagas.request("a", retryLimit(3), step("debit")));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls("http://debit/do")).isEqualTo(4);
  }

  @Test
  void turnsBackWhenItsRetriesAreSpent() {
    participants.answer("http://debit/do", UNCLEAR, UNCLEAR);

    coordinator.submit(Sagas.request("a", retryLimit(1), step("debit")));

    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(stored("a").progress().rollbackReason())
        .isEqualTo("RetryCount is greater than RetryLimit, RetryLimit: 1");
  }

  @Test
  void turnsBackAtItsTimeOut() {
    participants.answer("http://debit/do", ONGOING, ONGOING, ONGOING);
    coordinator.submit(Sagas.request("a", timeoutToFail(Duration.ofSeconds(25)), step("debit")));

    advance(Duration.ofSeconds(25).minusMillis(1));
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);

    advance(Duration.ofMillis(1));
    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(stored("a").progress().rollbackReason()).isEqualTo("Timeout after 25 seconds");
    assertThat(participants.calls("http://debit/undo")).isEqualTo(1);
  }

  @Test
  void goesOnCompensatingUntilItSucceeds() {
    participants.answer("http://debit/do", REFUSED);
    participants.answer("http://debit/undo", REFUSED, UNCLEAR, ONGOING);
    submit("a", DEFAULTS);

    settle();
    assertThat(stored("a").status()).isEqualTo(ABORTING);

    advance(Duration.ofHours(1));
    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(participants.calls("http://debit/undo")).isEqualTo(4);
  }

  @Test
  void tellsOfEveryRetryWithItsNumber() {
    participants.answer("http://debit/do", UNCLEAR, UNCLEAR, UNCLEAR);
    submit("a", DEFAULTS);

    advance(Duration.ofHours(1));

    assertThat(events)
        .filteredOn(EngineEvent.RetryScheduled.class::isInstance)
        .extracting(event -> ((EngineEvent.RetryScheduled) event).retryNumber())
        .containsExactly(1, 2, 3);
  }

  /** D1: the reference runs the actions again. */
  @Test
  void aRepeatedSubmitJoinsTheRunningPass() throws Exception {
    participants.hold("http://debit/do");
    var first = CompletableFuture.supplyAsync(() -> submit("a", WAITED), threads);
    participants.awaitCall("http://debit/do");

    assertThat(submit("a", DEFAULTS)).isEqualTo(new CommandOutcome.Accepted());
    var second = CompletableFuture.supplyAsync(() -> submit("a", WAITED), threads);
    participants.release("http://debit/do");

    assertThat(first.get()).isEqualTo(new CommandOutcome.PassEnded(stored("a")));
    assertThat(second.get()).isIn(first.get(), wrongStatus(SUCCEEDED));
    assertThat(participants.calls()).containsExactly("http://debit/do", "http://credit/do");
  }

  @Test
  void eightSubmitsAtOnceRunEveryActionOnce() {
    var submits =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> submit("a", WAITED), threads))
            .toList();

    submits.forEach(CompletableFuture::join);
    settle();
    assertThat(participants.calls()).containsExactly("http://debit/do", "http://credit/do");
  }

  /** Each waits for the one pass; none reports a pass that never was. */
  @Test
  void manyWaitedSubmitsAtOnceAllHearOfTheSameEnd() {
    for (int round = 0; round < 100; round++) {
      var gid = "a" + round;
      var submits =
          IntStream.range(0, 4)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> submit(gid, WAITED), threads))
              .toList();

      for (var each : submits) {
        assertThat(each.join())
            .isIn(new CommandOutcome.PassEnded(stored(gid)), wrongStatus(SUCCEEDED));
      }
    }
  }

  @Test
  void aRepeatedSubmitEndsThePauseAndUsesTheStoredBranches() {
    participants.answer("http://credit/do", UNCLEAR);
    submit("a", DEFAULTS);
    settle();

    coordinator.submit(Sagas.request("a", WAITED, step("elsewhere")));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls())
        .containsExactly("http://debit/do", "http://credit/do", "http://credit/do");
  }

  @Test
  void aFinishedSagaIsNotSubmittedAgain() {
    submit("a", WAITED);

    assertThat(submit("a", WAITED)).isEqualTo(wrongStatus(SUCCEEDED));
  }

  @Test
  void aPreparedSagaWaitsForItsSubmit() {
    var request = Sagas.request("a", DEFAULTS, step("debit"));
    assertThat(coordinator.prepare(request)).isEqualTo(new CommandOutcome.Accepted());
    assertThat(coordinator.prepare(request)).isEqualTo(new CommandOutcome.Accepted());

    advance(Duration.ofDays(1));
    assertThat(stored("a").status()).isEqualTo(PREPARED);
    assertThat(participants.calls()).isEmpty();

    coordinator.submit(Sagas.request("a", WAITED));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls()).containsExactly("http://debit/do");
    assertThat(coordinator.prepare(request)).isEqualTo(wrongStatus(SUCCEEDED));
  }

  /** I2: once stopped, nothing more is called. */
  @Test
  void aStoppedSagaCallsNothingMore() throws Exception {
    participants.hold("http://debit/do");
    submit("a", DEFAULTS);
    participants.awaitCall("http://debit/do");

    assertThat(coordinator.forceStop(new Gid("a"))).isEqualTo(new CommandOutcome.Accepted());
    participants.release("http://debit/do");

    advance(Duration.ofHours(1));
    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(stored("a").progress().rollbackReason()).isEqualTo("force stopped");
    assertThat(participants.calls()).containsExactly("http://debit/do");
    assertThat(coordinator.forceStop(new Gid("a"))).isEqualTo(wrongStatus(FAILED));
  }

  @Test
  void unknownTransactionsAreNamedAsSuch() {
    assertThat(coordinator.forceStop(new Gid("?"))).isEqualTo(new CommandOutcome.NotFound());
    assertThat(coordinator.retryNow(new Gid("?"))).isEqualTo(new CommandOutcome.NotFound());
    assertThat(coordinator.abort(new Gid("?"), TransactionMode.SAGA, ""))
        .isEqualTo(new CommandOutcome.NotFound());
  }

  @Test
  void retriesNowWhenAsked() {
    participants.answer("http://debit/do", UNCLEAR);
    submit("a", DEFAULTS);
    settle();

    assertThat(coordinator.retryNow(new Gid("a"))).isEqualTo(new CommandOutcome.Accepted());

    settle();
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(coordinator.retryNow(new Gid("a"))).isEqualTo(new CommandOutcome.Accepted());
  }

  @Test
  void retriesNowWhatWouldBeDueFarAhead() {
    for (var gid : List.of("a", "b", "c")) {
      participants.answer("http://debit/do", UNCLEAR, UNCLEAR, UNCLEAR);
      submit(gid, DEFAULTS);
    }
    settle();
    participants.answer("http://debit/do");

    assertThat(coordinator.retryAllNow(Duration.ofSeconds(30), 100))
        .isEqualTo(new ResetOutcome(0, false));
    assertThat(coordinator.retryAllNow(Duration.ofSeconds(5), 2))
        .isEqualTo(new ResetOutcome(2, true));
  }

  @Test
  void turnsSubmitsAwayWhenAllPlacesAreTaken() throws Exception {
    var small = startEngine("small", time, configWith(1, 1)).coordinator();
    participants.hold("http://debit/do");
    small.submit(Sagas.request("a", DEFAULTS, step("debit")));
    participants.awaitCall("http://debit/do");

    assertThat(small.submit(Sagas.request("b", DEFAULTS, step("debit"))))
        .isInstanceOf(CommandOutcome.Overloaded.class);

    assertThat(store.find(new Gid("b"))).isEmpty();
    participants.release("http://debit/do");
    settle();
    assertThat(small.submit(Sagas.request("b", WAITED, step("debit"))))
        .isInstanceOf(CommandOutcome.PassEnded.class);
  }

  @Test
  void attemptsAllThatFallsDueAtOnce() {
    int count = 5_000;
    for (int i = 0; i < count; i++) {
      participants.answer("http://debit/do", UNCLEAR);
    }
    for (int i = 0; i < count; i++) {
      coordinator.prepare(Sagas.request("a" + i, DEFAULTS, step("debit")));
    }
    IntStream.range(0, count).forEach(i -> coordinator.submit(Sagas.request("a" + i, WAITED)));

    advance(Duration.ofSeconds(20));

    assertThat(participants.calls("http://debit/do")).isEqualTo(2L * count);
  }

  @Test
  void writesProgressWhileAnotherBranchKeepsIt() throws Exception {
    participants.hold("http://credit/do");
    submit("a", DEFAULTS);
    participants.awaitCall("http://credit/do");

    stepTimeUntilStored("a", t -> t.branches().get(1).status() == BranchStatus.SUCCEEDED);

    assertThat(time.instant()).isBefore(START.plusSeconds(1));
    participants.release("http://credit/do");
    settle();
  }

  @Test
  void renewsItsClaimWhileAPassRuns() throws Exception {
    participants.hold("http://debit/do");
    submit("a", DEFAULTS);
    participants.awaitCall("http://debit/do");

    for (int renewals = 0; renewals < 3; renewals++) {
      var claimEnds = stored("a").schedule().dueAt();
      stepTimeUntilStored("a", t -> t.schedule().dueAt().isAfter(claimEnds));
      assertThat(stored("a").progress().updatedAt()).isBefore(claimEnds);
    }

    participants.release("http://debit/do");
    settle();
    assertThat(participants.calls()).containsExactly("http://debit/do", "http://credit/do");
  }

  /** The first node's timer stands still, so it renews nothing, like a process that hangs. */
  @Test
  void anotherNodeTakesOverWhenAClaimRunsOut() throws Exception {
    var hanging = startEngine("node-2", new VirtualTime(START), CONFIG);
    participants.hold("http://debit/do");
    hanging.coordinator().submit(Sagas.request("a", DEFAULTS, step("debit"), step("credit")));
    participants.awaitCall("http://debit/do");
    var heldCall = participants.letOthersPass("http://debit/do");

    time.advance(CONFIG.pollInterval(), () -> settle(engine));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    var taken = stored("a");
    heldCall.countDown();
    settle();
    assertThat(stored("a")).isEqualTo(taken);
    assertThat(events).anyMatch(EngineEvent.PassLost.class::isInstance);
  }

  @Test
  void resumesAfterTheStoreWasGone() {
    store.failNext(ObservedStore.Fault.BEFORE_COMMIT);

    assertThatThrownBy(() -> submit("a", WAITED)).isInstanceOf(StoreUnavailable.class);

    assertThat(store.find(new Gid("a"))).isEmpty();
    submit("a", WAITED);
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void aSubmitThatMeetsALockIsToBeRepeated() {
    store.failNext(ObservedStore.Fault.LOCKED);

    assertThatThrownBy(() -> submit("a", WAITED))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("locked by an operator");

    assertThat(submit("a", WAITED)).isEqualTo(new CommandOutcome.PassEnded(stored("a")));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void finishesWhatTheStoreKeptThoughItsAnswerWasLost() {
    store.failNext(ObservedStore.Fault.AFTER_COMMIT);

    assertThatThrownBy(() -> submit("a", DEFAULTS)).isInstanceOf(StoreUnavailable.class);

    advance(CONFIG.pollInterval());
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void takesATransactionUpAgainWhenItsLastWriteFailed() {
    submitWithFaultInThePass(ObservedStore.Fault.BEFORE_COMMIT);

    advance(Duration.ofSeconds(20));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void aWriteThatMetALockIsRepeatedLater() {
    submitWithFaultInThePass(ObservedStore.Fault.LOCKED);
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);

    advance(Duration.ofSeconds(20));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(stored("a").branches())
        .filteredOn(branch -> branch.operation().equals(Operation.ACTION))
        .allSatisfy(branch -> assertThat(branch.status()).isEqualTo(BranchStatus.SUCCEEDED));
  }

  @Test
  void leavesAFinishedTransactionAloneWhenTheAnswerOfItsLastWriteWasLost() {
    submitWithFaultInThePass(ObservedStore.Fault.AFTER_COMMIT);

    advance(Duration.ofSeconds(20));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls()).hasSize(2);
  }

  private void submitWithFaultInThePass(ObservedStore.Fault fault) {
    participants.hold("http://credit/do");
    submit("a", DEFAULTS);
    try {
      participants.awaitCall("http://credit/do");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    store.failNext(fault);
    participants.release("http://credit/do");
    settle();
  }

  @Test
  void aNewEngineContinuesWhereTheOldOneStopped() throws Exception {
    participants.answer("http://credit/do", UNCLEAR);
    submit("a", DEFAULTS);
    settle();
    engine.drain(Duration.ofSeconds(1));
    engine.close();

    startEngine("node-2", time, CONFIG);

    advance(Duration.ofSeconds(20));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls())
        .containsExactly("http://debit/do", "http://credit/do", "http://credit/do");
  }

  @Test
  void deletesWhatEndedLongAgo() {
    startEngine("sweeper", time, configWith(1, 1, Duration.ofHours(2)));
    submit("a", WAITED);
    coordinator.prepare(Sagas.request("open", DEFAULTS, step("debit")));

    advance(Duration.ofHours(2));
    assertThat(store.find(new Gid("a"))).isPresent();

    advance(Duration.ofMinutes(2));
    assertThat(store.find(new Gid("a"))).isEmpty();
    assertThat(store.find(new Gid("open"))).isPresent();
  }

  private static TransactionOptions retryLimit(int limit) {
    return new TransactionOptions(
        true, Duration.ZERO, Duration.ZERO, Duration.ZERO, limit, false, Map.of());
  }

  private static TransactionOptions timeoutToFail(Duration timeout) {
    return new TransactionOptions(false, timeout, Duration.ZERO, Duration.ZERO, 0, false, Map.of());
  }

  private static CommandOutcome wrongStatus(TransactionStatus actual) {
    return new CommandOutcome.WrongStatus(TransactionMode.SAGA, actual);
  }
}
