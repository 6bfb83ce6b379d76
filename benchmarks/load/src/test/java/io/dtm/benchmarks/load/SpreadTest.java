package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void isTheMedianWithTheLowestAndTheHighest() {
    assertThat(Spread.of(DoubleStream.of(3_000, 1_000, 2_000)).text(0))
        .isEqualTo("2,000 (1,000 to 3,000)");
    assertThat(Spread.of(DoubleStream.of(1, 2, 4, 8)).text(1)).isEqualTo("3.0 (1.0 to 8.0)");
  }

  @Test
  void isOneFigureWhenAllAreTheSame() {
    assertThat(Spread.of(DoubleStream.of(0, 0, 0)).text(0)).isEqualTo("0");
  }

  @Test
  void isADashWhenNothingIsKnown() {
    assertThat(Spread.of(DoubleStream.of(Double.NaN, Double.NaN)).text(2)).isEqualTo("-");
  }
}
