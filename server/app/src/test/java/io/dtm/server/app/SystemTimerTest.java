package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemTimerTest {
  private final InstantSource clock = InstantSource.system();

  @Test
  void runsWhatIsDueAndGoesOnAfterAFailure() throws Exception {
    var ran = new CountDownLatch(2);
    try (var timer = new SystemTimer(clock)) {
      timer.at(
          clock.instant().minusSeconds(5),
          () -> {
            ran.countDown();
            throw new IllegalStateException("a bug");
          });
      timer.at(clock.instant().plusMillis(20), ran::countDown);

      assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void doesNotRunWhatWasTakenBack() throws Exception {
    var ran = new CountDownLatch(1);
    var later = new CountDownLatch(1);
    try (var timer = new SystemTimer(clock)) {
      var soon = clock.instant().plus(Duration.ofMillis(50));
      timer.at(soon, ran::countDown).cancel();
      timer.at(soon, later::countDown);

      assertThat(later.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.getCount()).isOne();
    }
  }

  @Test
  void afterItsEndNothingRuns() {
    var timer = new SystemTimer(clock);
    timer.close();

    timer.at(clock.instant(), () -> {}).cancel();
  }
}
