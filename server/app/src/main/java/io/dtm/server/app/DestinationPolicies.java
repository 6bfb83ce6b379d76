package io.dtm.server.app;

import io.dtm.server.core.RetryPolicy;
import io.dtm.server.engine.RetryPolicies.ForDestination;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads retry policies of destinations out of one text: entries with semicolons between them, each
 * a pattern of host and port and what is said of it, such as {@code payments:8080 attempts=20
 * age=86400}. Times are in seconds.
 */
final class DestinationPolicies {
  private static final String INTERVAL = "interval";
  private static final String FACTOR = "factor";
  private static final String MAX = "max";
  private static final String ATTEMPTS = "attempts";
  private static final String AGE = "age";
  private static final Set<String> NAMES = Set.of(INTERVAL, FACTOR, MAX, ATTEMPTS, AGE);
  private static final String EXPECTED =
      "host:port, then some of interval=, factor=, max=, attempts=, age= with whole numbers";

  private DestinationPolicies() {}

  /**
   * @throws IllegalArgumentException when an entry is none
   */
  static List<ForDestination> parse(String text) {
    return Arrays.stream(text.split(";", -1))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .map(DestinationPolicies::entry)
        .toList();
  }

  private static ForDestination entry(String entry) {
    var words = List.of(entry.split("\\s+", -1));
    var pattern = words.getFirst().toLowerCase(Locale.ROOT);
    if (pattern.indexOf(':') < 0 || pattern.indexOf('=') >= 0 || words.size() == 1) {
      throw invalid(entry);
    }
    var values = new HashMap<String, Integer>();
    for (var word : words.subList(1, words.size())) {
      var parts = word.split("=", -1);
      if (parts.length != 2
          || !NAMES.contains(parts[0])
          || values.put(parts[0], number(entry, parts[1])) != null) {
        throw invalid(entry);
      }
    }
    return new ForDestination(pattern, policy(values));
  }

  private static RetryPolicy policy(Map<String, Integer> values) {
    return new RetryPolicy(
        seconds(values, INTERVAL),
        values.getOrDefault(FACTOR, 0),
        seconds(values, MAX),
        values.getOrDefault(ATTEMPTS, 0),
        seconds(values, AGE));
  }

  private static Duration seconds(Map<String, Integer> values, String name) {
    return Duration.ofSeconds(values.getOrDefault(name, 0));
  }

  private static int number(String entry, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(entry);
    }
    throw invalid(entry);
  }

  private static IllegalArgumentException invalid(String entry) {
    return new IllegalArgumentException("\"%s\" (expected: %s)".formatted(entry, EXPECTED));
  }
}
