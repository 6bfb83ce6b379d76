package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  /** Found by simulation. */
  @Test
  void aClaimThatASubmitHasOvertakenAsksNobodyAfterTheEnd() throws Exception {
    var submitted = new CompletableFuture<Void>();
    participants.hold("http://one/do");
    coordinator.prepare(message());
    store.afterNextClaim(() -> {
      coordinator.submit(message());
      submitted.complete(null);
    });
    time.advance(CONFIG.timeoutToFail(), () -> {});
    submitted.get(60, TimeUnit.SECONDS);
    participants.awaitCall("http://one/do");

    participants.release("http://one/do");
    settle(engine);

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(participants.calls()).containsExactly("http://one/do");
  }

  private static TransactionRequest message() {
    return new TransactionRequest(
        new Gid("a"),
        new TransactionSpec.Message(Duration.ZERO),
        BranchProtocol.HTTP,
        DEFAULTS,
        "http://sender/check",
        "",
        List.of(new Step("http://one/do", "", Payload.empty())));
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
