package io.dtm.testing.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened. Not thread-safe. */
public final class Coverage {
  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  void add(Coverage other) {
    other.counts.forEach((what, times) -> counts.merge(what, times, Long::sum));
  }

  /** By what happened, in the order of the alphabet. */
  public Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }
}
