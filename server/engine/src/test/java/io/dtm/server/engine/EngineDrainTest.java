package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.server.engine.Sagas.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineDrainTest extends EngineFixture {
  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void aCallInFlightKeepsItsLeaseWhenTheTimeToDrainIsOver() throws Exception {
    participants.hold("http://debit/do");
    submit("a", DEFAULTS);
    participants.awaitCall("http://debit/do");

    int running = engine.drain(SHORT);

    assertThat(running).isEqualTo(1);
    assertThat(stored("a").schedule().claimedBy()).isEqualTo("node-1");
    assertThat(stored("a").schedule().dueAt()).isEqualTo(START.plus(CONFIG.lease()));
    participants.release("http://debit/do");
  }

  @Test
  void whatIsHandedOverKeepsItsProgressAndIsDueAtOnceForAnotherNode() throws Exception {
    participants.hold("http://debit/do");
    submit("a", DEFAULTS);
    participants.awaitCall("http://debit/do");
    engine.drain(SHORT);

    participants.release("http://debit/do");
    awaitStored("a", transaction -> !transaction.schedule().isClaimed());
    var handedOver = stored("a");
    engine.close();
    startEngine("node-2", time, CONFIG);
    advance(Duration.ofSeconds(1));

    assertThat(handedOver.status()).isEqualTo(SUBMITTED);
    assertThat(handedOver.schedule().dueAt()).isEqualTo(START);
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls()).containsExactly("http://debit/do", "http://credit/do");
  }

  @Test
  void nothingIsHandedOverWhileACallIsInFlight() throws Exception {
    participants.hold("http://debit/do");
    participants.hold("http://credit/do");
    coordinator.submit(
        new TransactionRequest(
            new Gid("a"),
            new TransactionSpec.Saga(true, Map.of(2, List.of(0))),
            BranchProtocol.HTTP,
            DEFAULTS,
            "",
            "",
            List.of(step("debit"), step("credit"), step("ship"))));
    participants.awaitCall("http://debit/do");
    participants.awaitCall("http://credit/do");
    engine.drain(SHORT);

    participants.release("http://debit/do");
    stepTimeUntilStored(
        "a", t -> t.branches().stream().anyMatch(b -> b.status() == BranchStatus.SUCCEEDED));
    boolean claimedWhileInFlight = stored("a").schedule().isClaimed();
    participants.release("http://credit/do");
    awaitStored("a", transaction -> !transaction.schedule().isClaimed());

    assertThat(claimedWhileInFlight).isTrue();
    assertThat(participants.calls())
        .containsExactlyInAnyOrder("http://debit/do", "http://credit/do");
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);
  }

  @Test
  void aClientThatWaitsIsToldToAskAgainWhenItsTransactionIsHandedOver() throws Exception {
    participants.hold("http://debit/do");
    var answer = CompletableFuture.supplyAsync(() -> submit("a", WAITED), threads);
    participants.awaitCall("http://debit/do");
    engine.drain(SHORT);

    participants.release("http://debit/do");

    assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("goes on elsewhere");
  }

  @Test
  void whoSharesTheStoreTakesNoMoreThanItsPartAtATime() {
    for (int i = 0; i < 100; i++) {
      coordinator.prepare(Sagas.request("due-" + i, DEFAULTS, step("debit")));
    }
    settle();
    var before = store.claims().size();
    engine.shareWith(8);

    time.advance(Duration.ofMinutes(1), this::settle);

    assertThat(store.claims().subList(before, store.claims().size()))
        .allMatch(limit -> limit == 20);
    assertThat(store.claims().size() - before).isGreaterThan(5);
  }

  @Test
  void aPassThatBeginsAfterTheOthersWereHandedOverCallsNothing() throws Exception {
    participants.hold("http://debit/do");
    submit("a", DEFAULTS);
    participants.awaitCall("http://debit/do");
    engine.drain(SHORT);

    submit("late", DEFAULTS);
    awaitStored("late", transaction -> !transaction.schedule().isClaimed());

    assertThat(participants.calls()).containsExactly("http://debit/do");
    assertThat(stored("late").status()).isEqualTo(SUBMITTED);
    participants.release("http://debit/do");
  }
}
