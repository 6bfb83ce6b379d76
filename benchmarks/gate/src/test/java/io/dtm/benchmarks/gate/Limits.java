package io.dtm.benchmarks.gate;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The limits of all figures, out of {@code benchmarks/gate.properties}. Immutable. */
record Limits(Map<Figure, Limit> limits) {
  private static final Path FILE = Path.of("..", "gate.properties");

  static Limits ofThisCheckout() throws IOException {
    try (var reader = Files.newBufferedReader(FILE)) {
      return read(reader);
    }
  }

  /**
   * @throws IllegalArgumentException when a figure has no line, a line no figure, or a line cannot
   *     be read
   */
  static Limits read(Reader reader) throws IOException {
    var lines = new Properties();
    lines.load(reader);
    var unknown = new TreeSet<>(lines.stringPropertyNames());
    var limits = new EnumMap<Figure, Limit>(Figure.class);
    for (var figure : Figure.values()) {
      var text = lines.getProperty(figure.key());
      if (text == null) {
        throw new IllegalArgumentException(figure.key() + ": has no line in the file");
      }
      limits.put(figure, Limit.parse(figure, text));
      unknown.remove(figure.key());
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no such figure (expected: one of %s)"
              .formatted(
                  unknown.first(), Arrays.stream(Figure.values()).map(Figure::key).toList()));
    }
    return new Limits(limits);
  }

  Limit of(Figure figure) {
    return Objects.requireNonNull(limits.get(figure));
  }

  /**
   * What is wrong with what was measured, each with what to do about it.
   *
   * @throws IllegalArgumentException when a figure was not measured
   */
  List<String> complaints(Map<Figure, Double> measured) {
    var complaints = new ArrayList<String>();
    for (var figure : Figure.values()) {
      var value = measured.get(figure);
      if (value == null) {
        throw new IllegalArgumentException(figure.key() + ": was not measured");
      }
      of(figure)
          .complaint(figure, value)
          .map(text -> text + ". Find out which change made it so. " + howToMove(figure, value))
          .ifPresent(complaints::add);
    }
    return complaints;
  }

  private String howToMove(Figure figure, double value) {
    var line = new Limit(value, of(figure).tolerancePercent()).text(figure);
    return "If it is worth it, write \"%s = %s\" into benchmarks/gate.properties and say there why."
        .formatted(figure.key(), line);
  }

  /** All figures beside their limits. */
  String table(Map<Figure, Double> measured) {
    return measured.entrySet().stream()
        .map(entry -> row(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private String row(Figure figure, double value) {
    var limit = of(figure);
    return "%-32s %10s  (%s; limit %s)%s"
        .formatted(
            figure.key(),
            Limit.number(value),
            limit.text(figure),
            Limit.number(limit.worst(figure)),
            limit.isOutdated(figure, value) ? "  much better: write it into the file" : "");
  }
}
