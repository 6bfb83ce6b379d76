package io.dtm.server.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/**
 * Keeps lines of a log that would come by the thousand, such as those about a store that is away,
 * to one in a period. Thread-safe.
 */
public final class LineLimit {
  private final Duration period;
  private final InstantSource clock;
  private final AtomicReference<Instant> last = new AtomicReference<>(Instant.EPOCH);
  private final AtomicLong leftOut = new AtomicLong();

  public LineLimit(Duration period, InstantSource clock) {
    this.period = period;
    this.clock = clock;
  }

  /**
   * Writes a line, or counts it among those left out.
   *
   * @param line told how many were left out since the last one
   */
  public void write(LongConsumer line) {
    var before = last.get();
    var now = clock.instant();
    // Also when the clock was set back: the log must not fall silent for long.
    boolean isTime = Duration.between(before, now).abs().compareTo(period) >= 0;
    if (isTime && last.compareAndSet(before, now)) {
      line.accept(leftOut.getAndSet(0));
    } else {
      leftOut.incrementAndGet();
    }
  }
}
