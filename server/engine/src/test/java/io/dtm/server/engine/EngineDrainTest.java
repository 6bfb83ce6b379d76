package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.TransactionOptions;
import java.time.Duration;
import java.util.Map;
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
  void whileSomeCallsAreInFlightNothingIsHandedOver() throws Exception {
    participants.hold("http://debit/do");
    participants.hold("http://credit/do");
    submit("a", concurrent());
    participants.awaitCall("http://debit/do");
    participants.awaitCall("http://credit/do");
    engine.drain(SHORT);

    participants.release("http://debit/do");
    stepTimeUntilStored(
        "a",
        transaction ->
            transaction.branches().stream().anyMatch(b -> b.status() == BranchStatus.SUCCEEDED));

    assertThat(stored("a").schedule().isClaimed()).isTrue();
    participants.release("http://credit/do");
    awaitStored("a", transaction -> transaction.status() == SUCCEEDED);
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

  private static TransactionOptions concurrent() {
    return new TransactionOptions(
        false, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, true, Map.of());
  }
}
