package io.dtm.server.branch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Breaker breaker = new Breaker(new DestinationLimits(30, 10, 10, 5, SECOND, 10));
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private boolean fail() {
    return breaker.unanswered(breaker.era(), "refused", now);
  }

  private void open() {
    IntStream.range(0, 5).forEach(i -> fail());
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void opensWithTheFifthFailureInARow() {
    IntStream.range(0, 4).forEach(i -> assertThat(fail()).isFalse());
    assertThat(breaker.callsMax(now)).isEqualTo(30);

    assertThat(fail()).isTrue();

    assertThat(breaker.callsMax(now)).isZero();
    assertThat(breaker.lastFailure()).isEqualTo("refused");
  }

  @Test
  void anAnswerInBetweenBeginsTheRowAnew() {
    IntStream.range(0, 4).forEach(i -> fail());

    breaker.answered(now);

    assertThat(fail()).isFalse();
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void neverOpensWhereThatIsSwitchedOff() {
    var off = new Breaker(new DestinationLimits(30, 10, 10, 0, SECOND, 10));

    IntStream.range(0, 1_000).forEach(i -> off.unanswered(off.era(), "refused", now));

    assertThat(off.isOpen()).isFalse();
  }

  @Test
  void aProbeIsDueOnceInAnInterval() {
    open();
    assertThat(breaker.isProbeDue(now)).isFalse();

    now = now.plus(SECOND);
    assertThat(breaker.isProbeDue(now)).isTrue();
    breaker.probeBegins(now);
    assertThat(breaker.isProbeDue(now)).isFalse();
    now = now.plus(SECOND);
    assertThat(breaker.isProbeDue(now)).as("though the first one hangs").isTrue();
  }

  @Test
  void onlySoManyProbesRunAtOnce() {
    open();
    for (int i = 0; i < DestinationLimits.PROBES_MAX; i++) {
      now = now.plus(SECOND);
      assertThat(breaker.isProbeDue(now)).isTrue();
      breaker.probeBegins(now);
    }

    now = now.plus(SECOND);
    assertThat(breaker.isProbeDue(now)).isFalse();
    breaker.probeEnds();
    assertThat(breaker.isProbeDue(now)).isTrue();
  }

  @Test
  void rampsUpOnceAnyCallWasAnswered() {
    open();

    assertThat(breaker.answered(now)).isTrue();

    assertThat(breaker.callsMax(now)).isEqualTo(4);
    assertThat(breaker.callsMax(now.plusMillis(199))).isEqualTo(4);
    assertThat(breaker.callsMax(now.plusMillis(200))).isEqualTo(8);
    assertThat(breaker.callsMax(now.plusMillis(400))).isEqualTo(16);
    assertThat(breaker.isRamping()).isTrue();
    assertThat(breaker.callsMax(now.plusMillis(600))).isEqualTo(30);
    assertThat(breaker.isRamping()).isFalse();
  }

  @Test
  void silenceOpensARampSoonerThanBefore() {
    open();
    var since = breaker.openSince();
    now = now.plus(SECOND);
    breaker.answered(now);

    IntStream.range(0, 3).forEach(i -> assertThat(fail()).isFalse());
    assertThat(fail()).isTrue();

    assertThat(breaker.openSince()).isEqualTo(since);
  }

  @Test
  void callsThatHangSinceBeforeTheReturnDoNotOpenItAgain() {
    int before = breaker.era();
    open();
    breaker.answered(now);

    IntStream.range(0, 100).forEach(i -> breaker.unanswered(before, "no answer", now));

    assertThat(breaker.isRamping()).isTrue();
  }
}
