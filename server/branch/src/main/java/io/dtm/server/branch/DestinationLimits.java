package io.dtm.server.branch;

import java.time.Duration;

/**
 * How much one destination may take, and what becomes of it when it does not answer.
 *
 * @param callsMax calls that may run at once for one destination
 * @param callsWaitingMax further calls that may wait for their turn; beyond it they are deferred
 * @param rememberedMax destinations that are remembered though nobody calls them
 * @param failuresMax calls in a row without an answer after which a destination is only probed; 0:
 *     never
 * @param probeInterval pause between two probes
 * @param waitingMax transactions that are remembered to wait for some destination; more than these
 *     wait for their due time
 */
public record DestinationLimits(
    int callsMax,
    int callsWaitingMax,
    int rememberedMax,
    int failuresMax,
    Duration probeInterval,
    int waitingMax) {
  private static final DestinationLimits DEFAULTS =
      new DestinationLimits(256, 256, 10_000, 20, Duration.ofSeconds(1), 50_000);

  /**
   * Probes of one destination that may run at once, so that one that hangs does not hide a return.
   */
  static final int PROBES_MAX = 10;

  /** Calls that may run at once when a destination has just come back. */
  static final int RAMP_START = 4;

  /** How often that number doubles, until it is {@link #callsMax}. */
  static final Duration RAMP_STEP = Duration.ofMillis(200);

  /**
   * The pause of a transaction whose destination does not answer: long, since it is resumed when
   * the destination is back, and only a server that forgot it leaves it to its due time.
   */
  static final Duration PAUSE_WHILE_SILENT = Duration.ofSeconds(60);

  public DestinationLimits {
    requireAtLeast(1, "callsMax", callsMax);
    requireAtLeast(0, "callsWaitingMax", callsWaitingMax);
    requireAtLeast(1, "rememberedMax", rememberedMax);
    requireAtLeast(0, "failuresMax", failuresMax);
    requireAtLeast(0, "waitingMax", waitingMax);
    if (!probeInterval.isPositive()) {
      throw new IllegalArgumentException(
          "probeInterval: %s (expected: > 0)".formatted(probeInterval));
    }
  }

  public static DestinationLimits defaults() {
    return DEFAULTS;
  }

  private static void requireAtLeast(int min, String name, int value) {
    if (value < min) {
      throw new IllegalArgumentException("%s: %d (expected: >= %d)".formatted(name, value, min));
    }
  }
}
