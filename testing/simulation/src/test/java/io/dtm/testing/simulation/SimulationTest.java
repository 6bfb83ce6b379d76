package io.dtm.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulationTest {
  private static final long FIXED_SEEDS = 2_000;
  private static final long RANDOM_SEEDS = 100;

  @Test
  void noSeedBreaksAnInvariant() throws Exception {
    assertAllHold(1, FIXED_SEEDS);
  }

  @Test
  void norDoSeedsThatNobodyHasTriedYet() throws Exception {
    assertAllHold(new Random().nextLong(1L << 40), RANDOM_SEEDS);
  }

  private static void assertAllHold(long from, long count) throws InterruptedException {
    var processors = Runtime.getRuntime().availableProcessors();
    var summary = new Campaign(Defect.NONE, processors, done -> {}).run(from, count);

    var failure = summary.failure();
    assertThat(
            failure == null
                ? ""
                : "seed %d: %s".formatted(failure.seed(), failure.violation().getMessage()))
        .as("dtm simulate --replay shows it; seeds from %d", from)
        .isEmpty();
    assertThat(summary.seeds()).isEqualTo(count);
  }

  @ParameterizedTest
  @CsvSource({
    "LOST_UPDATE, I4",
    "SKIPPED_COMPENSATION, promise",
    "DOUBLE_RUN, I8",
    "EARLY_ANSWER, I6",
    "UNNOTICED_PAUSE, I2"
  })
  void aPlantedBugIsFoundAndMadeSmall(Defect defect, String invariant) throws Exception {
    var found = new Campaign(defect, 1, done -> {}).run(1, FIXED_SEEDS).failure();

    assertThat(found).isNotNull();
    assertThat(found.violation().invariant()).isEqualTo(invariant);
    var shrunk = Simulation.shrink(found.seed(), defect);
    assertThat(shrunk.violation()).isNotNull();
    assertThat(shrunk.violation().invariant()).isEqualTo(invariant);
    assertThat(shrunk.plan()).hasSizeLessThanOrEqualTo(found.plan().size());
    assertThat(shrunk.story()).anyMatch(line -> line.contains("VIOLATION"));
  }

  @Test
  void aSeedIsTheSameRunInAnyJvm() throws Exception {
    var here = Simulation.replay(4_711, Defect.NONE).trace();

    assertThat(traceInAnotherJvm(4_711)).isEqualTo(here);
    assertThat(traceInAnotherJvm(4_711)).isEqualTo(here);
    assertThat(traceInAnotherJvm(4_712)).isNotEqualTo(here);
  }

  private static String traceInAnotherJvm(long seed) throws IOException, InterruptedException {
    var java = System.getProperty("java.home") + "/bin/java";
    var process =
        new ProcessBuilder(
                java,
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TraceOfSeed.class.getName(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var trace = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return trace;
  }
}
