package io.dtm.testing.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualTime time = new VirtualTime(START);
  private final List<String> ran = new ArrayList<>();

  @Test
  void runsWhatFallsDueInOrderOfTimeAndThenOfAsking() {
    time.at(START.plusSeconds(2), () -> ran.add("two"));
    time.at(START.plusSeconds(1), () -> ran.add("one"));
    time.at(START.plusSeconds(2), () -> ran.add("two again"));
    time.at(START.plusSeconds(4), () -> ran.add("four"));

    time.advance(Duration.ofSeconds(3), () -> {});

    assertThat(ran).containsExactly("one", "two", "two again");
    assertThat(time.instant()).isEqualTo(START.plusSeconds(3));
  }

  @Test
  void runsWhatAnActionAskedForOnTheWay() {
    time.at(
        START.plusSeconds(1),
        () -> time.at(time.instant().plusSeconds(1), () -> ran.add(time.instant().toString())));

    time.advance(Duration.ofSeconds(3), () -> {});

    assertThat(ran).containsExactly("2026-01-01T00:00:02Z");
  }

  @Test
  void neverRunsWhatWasCancelled() {
    var scheduled = time.at(START.plusSeconds(1), () -> ran.add("cancelled"));

    scheduled.cancel();
    time.advance(Duration.ofSeconds(3), () -> {});

    assertThat(ran).isEmpty();
  }

  @Test
  void settlesBeforeTheFirstStepAndAfterEach() {
    time.at(START.plusSeconds(1), () -> ran.add("action"));

    time.advance(Duration.ofSeconds(3), () -> ran.add("settled"));

    assertThat(ran).containsExactly("settled", "action", "settled", "settled");
  }
}
