package io.dtm.server.store.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MicrosTest {

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 0, 0",
    "1970-01-01T00:00:00.000001Z, 1, 1",
    "1970-01-01T00:00:00.000001001Z, 1, 2",
    "1970-01-01T00:00:01.999999999Z, 1999999, 2000000",
    "1969-12-31T23:59:59.999999999Z, -1, 0",
    "1969-12-31T23:59:59.999999Z, -1, -1",
    "1969-12-31T23:59:59.999998999Z, -2, -1",
    "0001-01-01T00:00:00Z, -62135596800000000, -62135596800000000",
    "9999-12-31T23:59:59.999999999Z, 253402300799999999, 253402300800000000",
  })
  void roundsDownAndUp(Instant instant, long floor, long ceiling) {
    assertThat(Micros.floor(instant)).isEqualTo(floor);
    assertThat(Micros.ceiling(instant)).isEqualTo(ceiling);
  }

  @Test
  void takesTheNearestForWhatIsTooFarAway() {
    assertThat(Micros.floor(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(Micros.ceiling(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(Micros.floor(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
    assertThat(Micros.ceiling(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
    assertThat(Micros.plus(Instant.EPOCH, Duration.ofSeconds(Long.MAX_VALUE)))
        .isEqualTo(Instant.MAX);
    assertThat(Micros.plus(Instant.EPOCH, Duration.ofSeconds(Long.MIN_VALUE)))
        .isEqualTo(Instant.MIN);
  }

  @Test
  void comesBackAsItWas() {
    var instant = Instant.parse("2026-11-22T21:00:00.123456Z");

    assertThat(Micros.instant(Micros.floor(instant))).isEqualTo(instant);
  }
}
