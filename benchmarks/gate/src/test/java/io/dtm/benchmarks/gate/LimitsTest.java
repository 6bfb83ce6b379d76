package io.dtm.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate closes when it should, and says what to do about it. */
class LimitsTest {
  private static final Figure LOW = Figure.BRANCH_CALLS;
  private static final Figure HIGH = Figure.EMBEDDED_SHARE_OF_MEMORY_RATE;

  private static Limits limits() throws IOException {
    return Limits.read(new StringReader(file()));
  }

  private static String file() {
    return Arrays.stream(Figure.values())
        .map(figure ->
            switch (figure.better()) {
              case LOWER -> figure.key() + " = 2.00 +10%";
              case HIGHER -> figure.key() + " = 0.80 -40%";
            })
        .collect(Collectors.joining("\n"));
  }

  /** As it was when the file was written. */
  private static Map<Figure, Double> asRecorded() {
    var measured = new EnumMap<Figure, Double>(Figure.class);
    for (var figure : Figure.values()) {
      measured.put(
          figure,
          switch (figure.better()) {
            case LOWER -> 2.0;
            case HIGHER -> 0.8;
          });
    }
    return measured;
  }

  @Test
  void whatIsAsItWasPasses() throws IOException {
    assertThat(limits().complaints(asRecorded())).isEmpty();
  }

  @Test
  void whatHasBecomeDearerIsToldWithFigureLimitAndHowToMoveIt() throws IOException {
    var measured = asRecorded();
    measured.put(LOW, 2.31);

    assertThat(limits().complaints(measured))
        .containsExactly(
            "branch-calls (requests to the participant for a saga of two branches): 2.310 (limit:"
                + " 2.200, from \"branch-calls = 2.000 +10%\"). Find out which change made it so."
                + " If it is worth it, write \"branch-calls = 2.310 +10%\" into"
                + " benchmarks/gate.properties and say there why.");
  }

  @Test
  void whatShouldBeHighFailsWhenItIsLow() throws IOException {
    var measured = asRecorded();
    measured.put(HIGH, 0.47);

    assertThat(limits().complaints(measured))
        .singleElement()
        .asString()
        .startsWith(HIGH.key())
        .contains("0.470 (limit: 0.480");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0, 1.0, 2.0, 2.19})
  void whatIsBetterOrWithinTheTolerancePasses(double calls) throws IOException {
    var measured = asRecorded();
    measured.put(LOW, calls);
    measured.put(HIGH, 1.7);

    assertThat(limits().complaints(measured)).isEmpty();
  }

  @Test
  void eachFigureThatIsWorseIsTold() throws IOException {
    var measured = asRecorded();
    measured.put(LOW, 3.0);
    measured.put(HIGH, 0.1);

    assertThat(limits().complaints(measured)).hasSize(2);
  }

  @Test
  void whatIsNoNumberFails() throws IOException {
    var measured = asRecorded();
    measured.put(LOW, Double.NaN);
    measured.put(HIGH, Double.NaN);

    assertThat(limits().complaints(measured)).hasSize(2);
  }

  @Test
  void whatWasNotMeasuredFails() throws IOException {
    var measured = asRecorded();
    measured.remove(LOW);
    var limits = limits();

    assertThatThrownBy(() -> limits.complaints(measured))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("branch-calls");
  }

  @Test
  void theTableSaysWhichLineGuardsNothingAnyMore() throws IOException {
    var measured = asRecorded();
    measured.put(LOW, 1.5);

    assertThat(limits().table(measured).lines().filter(line -> line.contains("much better")))
        .singleElement()
        .asString()
        .startsWith("branch-calls");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2.00", "2.00 10%", "2.00 -10%", "two +10%", "2.00 +10"})
  void aLineThatCannotBeReadIsRefused(String text) {
    assertThatThrownBy(() -> Limit.parse(LOW, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("branch-calls: \"" + text + "\"");
  }

  @Test
  void aFigureWithoutALineIsRefused() {
    var file = file().replaceFirst("branch-calls.*", "");

    assertThatThrownBy(() -> Limits.read(new StringReader(file)))
        .hasMessage("branch-calls: has no line in the file");
  }

  @Test
  void aLineWithoutAFigureIsRefused() {
    assertThatThrownBy(() -> Limits.read(new StringReader(file() + "\nbranch-cals = 2.00 +10%")))
        .hasMessageContaining("branch-cals: no such figure");
  }

  @Test
  void theFileOfThisCheckoutCanBeRead() {
    assertThatCode(Limits::ofThisCheckout).doesNotThrowAnyException();
  }
}
