package io.dtm.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That benchmarks run at all; their figures come from {@code benchmarks/jmh}. */
class BenchmarksTest {
  /** Codec 6, machines 5, group commit 4, stores 4. */
  private static final int BENCHMARKS = 19;

  @Test
  void everyBenchmarkThatNeedsNoDatabaseRuns() throws Exception {
    var once =
        new OptionsBuilder()
            .include("Benchmark")
            .param("store", "memory", "rocksdb")
            .param("batch", "16")
            .mode(Mode.SingleShotTime)
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(1))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();

    var results = new Runner(once).run();

    assertThat(results).hasSize(BENCHMARKS);
  }
}
