package io.dtm.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineLimitTest {
  private final List<Long> lines = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final LineLimit limit = new LineLimit(Duration.ofSeconds(1), () -> now);

  @Test
  void oneLineInAPeriodSaysHowManyWereLeftOut() {
    for (int i = 0; i < 1_000; i++) {
      limit.write(lines::add);
    }
    now = now.plusSeconds(1);
    limit.write(lines::add);
    now = now.plusSeconds(1);
    limit.write(lines::add);

    assertThat(lines).containsExactly(0L, 999L, 0L);
  }

  @Test
  void aClockThatIsSetBackSilencesNothing() {
    limit.write(lines::add);
    now = now.minusSeconds(3_600);
    limit.write(lines::add);

    assertThat(lines).hasSize(2);
  }
}
