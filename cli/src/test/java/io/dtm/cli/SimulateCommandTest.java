package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulateCommandTest {
  @Test
  void tellsWhatTheSeedsCovered() {
    var run = CommandRun.of(Map.of(), "simulate", "--seeds", "20", "--from", "7");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("20 seeds from 7", "0 violations", "end SAGA SUCCEEDED");
  }

  @Test
  void showsTheSmallestRunThatBreaksAnInvariant() {
    var run =
        CommandRun.of(Map.of(), "simulate", "--seeds", "100", "--plant", "SKIPPED_COMPENSATION");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("violation with seed", "The smallest run", "VIOLATION promise", "--replay");
  }

  @Test
  void replaysOneSeed() {
    var first = CommandRun.of(Map.of(), "simulate", "--replay", "3");
    var second = CommandRun.of(Map.of(), "simulate", "--replay", "3");

    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("seed 3: 0 violations").isEqualTo(second.out());
  }

  @Test
  void refusesToRunNothing() {
    var run = CommandRun.of(Map.of(), "simulate", "--seeds", "0");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--seeds 0");
  }
}
