package io.dtm.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionMode;
import io.dtm.client.TransactionResult.Accepted;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransactionMetersTest {
  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final TransactionMeters meters = new TransactionMeters(registry);

  @Test
  void aTransactionTakesFromItsFirstCommandToItsEnd() {
    meters.begun(TransactionMode.TCC, "g1");
    clock.add(Duration.ofMillis(300));
    meters.begun(TransactionMode.TCC, "g1");
    clock.add(Duration.ofMillis(40));

    meters.ended(TransactionMode.TCC, new Succeeded("g1"));

    assertThat(begun("tcc")).isOne();
    assertThat(ended("tcc", "succeeded").count()).isOne();
    assertThat(ended("tcc", "succeeded").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(340);
  }

  @Test
  void outcomesAreCountedApart() {
    for (var gid : new String[] {"g1", "g2", "g3", "g4"}) {
      meters.begun(TransactionMode.SAGA, gid);
    }

    meters.ended(TransactionMode.SAGA, new Accepted("g1"));
    meters.ended(TransactionMode.SAGA, new RolledBack("g2", "too little money"));
    meters.failed(TransactionMode.SAGA, "g3", new TransactionManagerUnavailable("away", null));
    meters.failed(TransactionMode.SAGA, "g4", new IllegalStateException("no"));

    assertThat(begun("saga")).isEqualTo(4);
    for (var outcome : new String[] {"accepted", "rolled_back", "unavailable", "refused"}) {
      assertThat(ended("saga", outcome).count()).as(outcome).isOne();
    }
  }

  @Test
  void whatNeverEndsIsForgotten() {
    for (var number = 0; number <= TransactionMeters.OPEN_MAX; number++) {
      meters.begun(TransactionMode.MESSAGE, "g" + number);
    }

    meters.ended(TransactionMode.MESSAGE, new Succeeded("g0"));
    meters.ended(TransactionMode.MESSAGE, new Succeeded("g1"));

    assertThat(begun("msg")).isEqualTo(TransactionMeters.OPEN_MAX + 1);
    assertThat(ended("msg", "succeeded").count()).isOne();
  }

  private double begun(String mode) {
    return registry.get("dtm.transactions.begun").tag("mode", mode).counter().count();
  }

  private Timer ended(String mode, String outcome) {
    return registry.get("dtm.transactions").tag("mode", mode).tag("outcome", outcome).timer();
  }
}
