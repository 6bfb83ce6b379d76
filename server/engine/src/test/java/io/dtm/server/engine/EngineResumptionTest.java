package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.Gid;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Transactions whose calls were deferred, and that are taken up before their due time. */
class EngineResumptionTest extends EngineFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final BranchResult DEFERRED = new BranchResult.Deferred("silent", MINUTE);
  private static final BranchResult PROBED =
      new BranchResult.Unclear("no answer", Availability.STILL_UNAVAILABLE);

  @Test
  void aDeferredCallPausesForAsLongAsItsDestinationAsks() {
    participants.answer("http://debit/do", DEFERRED);

    submit("a", DEFAULTS);
    settle();

    assertThat(stored("a").schedule().dueAt()).isEqualTo(START.plus(MINUTE));
    assertThat(stored("a").schedule().interval()).isEqualTo(CONFIG.retryInterval());
    assertThat(stored("a").schedule().failures()).isZero();
  }

  @Test
  void aProbeThatIsNotAnsweredIsNoFailureButMayHaveRun() {
    participants.answer("http://debit/do", PROBED);

    submit("a", DEFAULTS);
    settle();

    assertThat(stored("a").schedule().interval()).isEqualTo(CONFIG.retryInterval());
    assertThat(stored("a").schedule().failures()).isZero();
    assertThat(stored("a").branches().get(1).progress().errors()).isEqualTo(1);
  }

  @Test
  void aResumedTransactionRunsBeforeItsDueTimeAtTheCostOfOneWrite() {
    participants.answer("http://debit/do", DEFERRED);
    submit("a", DEFAULTS);
    settle();
    int before = store.applied();

    assertThat(engine.resume(new Gid("a"))).isTrue();

    settle();
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(store.applied() - before).as("its claim and its end").isEqualTo(2);
  }

  @Test
  void oneThatIsBeingWorkedOnIsNotResumed() throws Exception {
    participants.hold("http://debit/do");
    submit("a", DEFAULTS);
    participants.awaitCall("http://debit/do");

    assertThat(engine.resume(new Gid("a"))).isFalse();

    participants.release("http://debit/do");
    settle();
    assertThat(participants.calls("http://debit/do")).isEqualTo(1);
  }

  @Test
  void oneThatHasEndedOrIsUnknownNeedsNoOtherTry() {
    submit("a", WAITED);

    assertThat(engine.resume(new Gid("a"))).isTrue();
    assertThat(engine.resume(new Gid("unknown"))).isTrue();

    settle();
    assertThat(participants.calls("http://debit/do")).isEqualTo(1);
  }

  @Test
  void nothingIsResumedWhileTheServerDrains() throws Exception {
    participants.answer("http://debit/do", DEFERRED);
    submit("a", DEFAULTS);
    settle();

    assertThat(engine.drain(Duration.ofSeconds(30))).isZero();

    assertThat(engine.resume(new Gid("a"))).isFalse();
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);
  }

  @Test
  void whoFindsNoPlaceIsResumedAnotherTime() {
    var narrow = startEngine("node-2", time, configWith(1, 1));
    participants.answer("http://debit/do", DEFERRED, DEFERRED);
    narrow.coordinator().submit(Sagas.request("a", WAITED, Sagas.step("debit")));
    narrow.coordinator().submit(Sagas.request("b", WAITED, Sagas.step("debit")));
    participants.hold("http://debit/do");

    assertThat(narrow.resume(new Gid("a"))).isTrue();
    assertThat(narrow.resume(new Gid("b"))).isFalse();

    participants.release("http://debit/do");
    settle();
  }
}
