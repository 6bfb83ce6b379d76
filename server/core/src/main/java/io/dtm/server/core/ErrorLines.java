package io.dtm.server.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Gives errors a number under which the log has them. Errors of the same reason share a line, and
 * so a number, for a while: a flood of them does not flood the log, and whoever was told a number
 * finds its line. Thread-safe when its source of randomness is.
 */
public final class ErrorLines {
  /** How long errors of one reason share a line. */
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Lines in one period. Reasons that come later get none. */
  private static final int LINES_MAX = 8;

  private final RandomGenerator random;
  private final InstantSource clock;
  private final Map<String, String> idsByReason = new HashMap<>();
  private Instant periodBegan = Instant.EPOCH;
  private long leftOut;

  /** Writes one line. */
  @FunctionalInterface
  public interface Line {
    /**
     * Writes it.
     *
     * @param leftOut how many errors got no line of their own since the last one
     */
    void write(String id, long leftOut);
  }

  public ErrorLines(RandomGenerator random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /**
   * Writes a line about an error, unless the last lines say the same.
   *
   * @return the number of the line that says it; empty: there are too many to say them all
   */
  public Optional<String> write(String reason, Line line) {
    String id;
    long unsaid;
    synchronized (this) {
      beginPeriod();
      var known = idsByReason.get(reason);
      if (known != null || idsByReason.size() == LINES_MAX) {
        leftOut++;
        return Optional.ofNullable(known);
      }
      id = HexFormat.of().toHexDigits(random.nextInt());
      idsByReason.put(reason, id);
      unsaid = leftOut;
      leftOut = 0;
    }
    line.write(id, unsaid);
    return Optional.of(id);
  }

  /** Also when the clock was set back: the log must not fall silent for long. */
  private void beginPeriod() {
    var now = clock.instant();
    if (Duration.between(periodBegan, now).abs().compareTo(PERIOD) >= 0) {
      periodBegan = now;
      idsByReason.clear();
    }
  }
}
