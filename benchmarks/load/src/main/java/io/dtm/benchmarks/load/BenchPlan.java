package io.dtm.benchmarks.load;

import java.time.Duration;
import java.util.List;

/**
 * What one run does.
 *
 * @param modes one after the other
 * @param waits whether clients wait for the end of what they submit
 * @param connections clients of each server; in an open loop, flows that may be under way at once
 * @param warmUp load before the first round, for each server
 * @param rounds in each, every server has a turn
 * @param participantHost where the participant listens, and by which servers reach it
 * @param participantDelay of each of its answers
 */
record BenchPlan(
    List<Mode> modes,
    Wire wire,
    boolean waits,
    Pace pace,
    int connections,
    Duration warmUp,
    Duration turn,
    int rounds,
    String participantHost,
    Duration participantDelay) {
  private static final int CONNECTIONS_MAX = 20_000;
  private static final int ROUNDS_MAX = 1_000;
  private static final Duration LENGTH_MAX = Duration.ofHours(1);

  BenchPlan {
    modes = List.copyOf(modes);
    if (modes.isEmpty()) {
      throw new IllegalArgumentException(
          "mode: none (expected: some of %s)".formatted(Mode.words()));
    }
    requireWithin("connections", connections, CONNECTIONS_MAX);
    requireWithin("rounds", rounds, ROUNDS_MAX);
    if (!turn.isPositive() || turn.compareTo(LENGTH_MAX) > 0) {
      throw new IllegalArgumentException(
          "seconds: %s (expected: above 0, at most %d)"
              .formatted(turn.toMillis() / 1e3, LENGTH_MAX.toSeconds()));
    }
    if (warmUp.isNegative() || warmUp.compareTo(LENGTH_MAX) > 0) {
      throw new IllegalArgumentException(
          "warm-up: %s (expected: from 0 to %d)"
              .formatted(warmUp.toMillis() / 1e3, LENGTH_MAX.toSeconds()));
    }
    if (participantDelay.isNegative()) {
      throw new IllegalArgumentException(
          "participant-delay: %d (expected: 0 or more)".formatted(participantDelay.toMillis()));
    }
  }

  private static void requireWithin(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "%s: %d (expected: from 1 to %d)".formatted(name, value, max));
    }
  }

  Flow flow(Mode mode) {
    return new Flow(mode, wire, waits);
  }
}
