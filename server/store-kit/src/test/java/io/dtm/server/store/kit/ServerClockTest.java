package io.dtm.server.store.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A server whose clock is an hour ahead, asked over a network that takes its time. */
final class ServerClockTest {
  private static final Instant SERVER_START = Instant.parse("2026-11-22T22:00:00Z");

  private long nanos;
  private Duration trip = Duration.ofMillis(1);
  private Duration gain = Duration.ZERO;
  private int asked;

  private Instant serverTime() {
    asked++;
    nanos += trip.toNanos();
    var time = now();
    nanos += trip.toNanos();
    return time;
  }

  private Instant now() {
    return SERVER_START.plusNanos(nanos).plus(gain);
  }

  private final ServerClock clock = new ServerClock(this::serverTime, () -> nanos);

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void tellsTheServersTime() {
    assertThat(clock.instant()).isEqualTo(now());
    pass(Duration.ofMinutes(5));
    assertThat(clock.instant()).isEqualTo(now());
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void isSetRightNowAndThen() {
    gain = Duration.ofMillis(300);
    pass(Duration.ofMillis(1_500));
    clock.refresh();
    assertThat(clock.instant()).isEqualTo(now().minus(gain));

    pass(Duration.ofSeconds(1));
    clock.refresh();

    assertThat(clock.instant()).isEqualTo(now());
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void doesNotTrustAnAnswerThatTookLong() {
    gain = Duration.ofMillis(300);
    trip = Duration.ofMillis(100);
    pass(Duration.ofSeconds(3));

    clock.refresh();
    assertThat(clock.instant()).isEqualTo(now().minus(gain));

    pass(Duration.ofSeconds(30));
    clock.refresh();
    assertThat(clock.instant()).isEqualTo(now());
  }
}
