package io.dtm.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ErrorLinesTest {
  private final List<String> ids = new ArrayList<>();
  private final List<Long> leftOut = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ErrorLines lines = new ErrorLines(new Random(1), () -> now);

  private Optional<String> write(String reason) {
    return lines.write(
        reason,
        (id, unsaid) -> {
          ids.add(id);
          leftOut.add(unsaid);
        });
  }

  @Test
  void everyNumberThatIsGivenOutHasALine() {
    var told =
        IntStream.range(0, 1_000)
            .mapToObj(i -> write("reason " + i % 20))
            .flatMap(Optional::stream)
            .toList();

    assertThat(told).isNotEmpty().isSubsetOf(ids);
  }

  @Test
  void anotherReasonHasALineAtOnce() {
    var first = write("away");
    var second = write("full");

    assertThat(ids).containsExactly(first.orElseThrow(), second.orElseThrow());
    assertThat(write("away")).isEqualTo(first);
  }

  @Test
  void theNextLineSaysHowManyWereLeftOut() {
    for (int i = 0; i < 1_000; i++) {
      write("away");
    }
    now = now.plusSeconds(1);
    write("away");
    write("full");

    assertThat(leftOut).containsExactly(0L, 999L, 0L);
  }

  @Test
  void aFloodOfReasonsIsAFewLinesAndTheRestHasNoNumber() {
    var last = Optional.<String>empty();
    for (int i = 0; i < 1_000; i++) {
      last = write("reason " + i);
    }

    assertThat(ids).hasSize(8);
    assertThat(last).isEmpty();
  }

  @Test
  void aClockThatIsSetBackSilencesNothing() {
    write("away");
    now = now.minusSeconds(3_600);
    write("away");

    assertThat(ids).hasSize(2);
  }
}
