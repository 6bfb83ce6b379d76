package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.TransactionOptions;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node that stood still for longer than its claim, as a process that was stopped for a while. */
class EngineClaimTest extends EngineFixture {
  private static final String DEBIT = "http://debit/do";
  private static final String CREDIT = "http://credit/do";

  /** Its timer stands still, so that it never renews a claim. */
  private final Engine paused = startEngine("paused", new VirtualTime(START), CONFIG);

  @Test
  void aPassWhoseClaimWasTakenOverCallsNothingMore() throws Exception {
    participants.hold(DEBIT);
    paused
        .coordinator()
        .submit(Sagas.request("a", DEFAULTS, Sagas.step("debit"), Sagas.step("credit")));
    participants.awaitCall(DEBIT);
    var firstCall = participants.letOthersPass(DEBIT);
    time.advance(CONFIG.lease(), () -> settle(engine));
    coordinator.retryAllNow(Duration.ZERO, 1);
    settle(engine);
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);

    firstCall.countDown();
    settle(paused);

    assertThat(participants.calls(CREDIT)).isEqualTo(1);
  }

  @Test
  void aTimedOutSagaUndoesAlsoWhatALostPassHasCalled() throws Exception {
    participants.hold(CREDIT);
    var options =
        new TransactionOptions(
            false, Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO, 0, false, Map.of());
    submit("a", options);
    participants.awaitCall(CREDIT);
    store.failNext(ObservedStore.Fault.BEFORE_COMMIT);
    participants.release(CREDIT);
    settle();

    advance(CONFIG.lease());

    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(participants.calls())
        .containsExactly(DEBIT, CREDIT, "http://credit/undo", "http://debit/undo");
  }

  @Test
  void aPassWhoseClaimRanOutUnnoticedClaimsAnewBeforeItCalls() throws Exception {
    participants.hold(DEBIT);
    paused
        .coordinator()
        .submit(Sagas.request("a", DEFAULTS, Sagas.step("debit"), Sagas.step("credit")));
    participants.awaitCall(DEBIT);
    time.advance(CONFIG.lease(), () -> {});

    participants.release(DEBIT);
    settle(paused);

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls()).containsExactly(DEBIT, CREDIT);
    assertThat(store.applied()).as("created, claimed anew, ended").isEqualTo(3);
  }
}
