package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllocationMeterTest {
  /** A JVM is asked by a signal that would end any other program. */
  @Test
  void leavesAProcessThatIsNoJvmAlone() throws Exception {
    var other = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(AllocationMeter.of(other.pid())).isEmpty();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }
}
