package io.dtm.benchmarks.gate;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a figure may go.
 *
 * @param value what was measured when the line was written
 * @param tolerancePercent by how much of it a later run may be worse
 */
record Limit(double value, double tolerancePercent) {
  private static final Pattern TEXT = Pattern.compile("([0-9.]+) +(\\+|-)([0-9.]+) *%");

  /** Far enough below the limit for the line to be written anew: this share of what is recorded. */
  private static final double MUCH_BETTER = 0.8;

  /**
   * Reads {@code 2.00 +10%} or, for a figure that is better when it is higher, {@code 0.79 -40%}.
   *
   * @throws IllegalArgumentException when the text is no such line, or tolerates what is better
   */
  static Limit parse(Figure figure, String text) {
    Matcher parts = TEXT.matcher(text.strip());
    var sign = sign(figure);
    if (!parts.matches() || !parts.group(2).equals(sign)) {
      throw new IllegalArgumentException(
          "%s: \"%s\" (expected: what was measured and the tolerance, such as \"2.00 %s10%%\")"
              .formatted(figure.key(), text, sign));
    }
    return new Limit(Double.parseDouble(parts.group(1)), Double.parseDouble(parts.group(3)));
  }

  private static String sign(Figure figure) {
    return switch (figure.better()) {
      case LOWER -> "+";
      case HIGHER -> "-";
    };
  }

  /** The worst that passes. */
  double worst(Figure figure) {
    return switch (figure.better()) {
      case LOWER -> value * (1 + tolerancePercent / 100);
      case HIGHER -> value * (1 - tolerancePercent / 100);
    };
  }

  /** What is wrong with a measurement; empty: nothing. */
  Optional<String> complaint(Figure figure, double measured) {
    double worst = worst(figure);
    boolean passes =
        switch (figure.better()) {
          case LOWER -> measured <= worst;
          case HIGHER -> measured >= worst;
        };
    return passes
        ? Optional.empty()
        : Optional.of(
            "%s (%s): %s (limit: %s, from \"%s = %s\")"
                .formatted(
                    figure.key(),
                    figure.description(),
                    number(measured),
                    number(worst),
                    figure.key(),
                    text(figure)));
  }

  /** Whether the recorded value is so far behind that it guards nothing any more. */
  boolean isOutdated(Figure figure, double measured) {
    return switch (figure.better()) {
      case LOWER -> measured < value * MUCH_BETTER;
      case HIGHER -> measured * MUCH_BETTER > value;
    };
  }

  /** As it stands in the file. */
  String text(Figure figure) {
    return "%s %s%.0f%%".formatted(number(value), sign(figure), tolerancePercent);
  }

  /** Four digits that matter, or all before the point. */
  static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3f", value);
  }
}
