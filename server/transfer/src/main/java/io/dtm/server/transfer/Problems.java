package io.dtm.server.transfer;

import java.util.ArrayList;
import java.util.List;

/** The first problems of a run, and how many there were. Not thread-safe. */
final class Problems {
  /** A store full of rubbish must not fill the memory. */
  static final int KEPT_MAX = 10_000;

  private final List<Problem> kept = new ArrayList<>();
  private long count;

  void add(String subject, String reason) {
    count++;
    if (kept.size() < KEPT_MAX) {
      kept.add(new Problem(subject, reason));
    }
  }

  List<Problem> kept() {
    return List.copyOf(kept);
  }

  long count() {
    return count;
  }
}
