package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BottleneckTest {
  private static final double UNKNOWN = Double.NaN;

  @Test
  void isTheProcessorWhenItIsUsedUpWhateverElseIsBusy() {
    var shares = new Shares(0.95, 0.5, 0.2, 0.2, 0.99, 0.9, 0.9);

    assertThat(Bottleneck.of(shares, false)).isEqualTo("processor, most of it used by the server");
  }

  @Test
  void namesWhoeverUsesTheProcessorMost() {
    assertThat(Bottleneck.of(new Shares(1, 0.2, 0.4, 0.3, 0, 0, 0), false))
        .endsWith("the database");
    assertThat(Bottleneck.of(new Shares(1, 0.2, UNKNOWN, 0.4, 0, 0, 0), false))
        .endsWith("the load and participant");
    assertThat(Bottleneck.of(new Shares(1, 0.1, UNKNOWN, 0.1, 0, 0, 0), false))
        .endsWith("the rest of the machine");
  }

  @Test
  void isOtherwiseWhatFlowsWaitForMost() {
    assertThat(Bottleneck.of(new Shares(0.5, 0.3, UNKNOWN, 0.1, 0.8, 0.1, 0.2), false))
        .isEqualTo("disk sync");
    assertThat(Bottleneck.of(new Shares(0.1, 0.1, UNKNOWN, 0.1, 0.1, 0.9, 0.1), false))
        .isEqualTo("participant");
    assertThat(Bottleneck.of(new Shares(0.1, UNKNOWN, UNKNOWN, 0.1, 0.1, 0.1, 0.7), false))
        .isEqualTo("network");
  }

  @Test
  void isNothingWhenNothingIsUsedUp() {
    assertThat(Bottleneck.of(new Shares(0.3, 0.1, UNKNOWN, 0.1, 0.2, 0.1, UNKNOWN), false))
        .isEqualTo("none is used up: more connections would carry more");
  }

  @Test
  void isNothingWhenTheServerKeptUpWithTheRate() {
    assertThat(Bottleneck.of(new Shares(1, 1, 0, 0, 1, 1, 1), true))
        .isEqualTo("none: the rate was kept");
  }
}
