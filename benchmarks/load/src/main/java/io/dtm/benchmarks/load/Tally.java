package io.dtm.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What came of the flows of one turn. Thread-safe. */
final class Tally {
  private static final Duration LATENCY_MAX = Duration.ofMinutes(30);
  private static final int DIGITS = 3;

  private final Histogram micros =
      new ConcurrentHistogram(TimeUnit.MILLISECONDS.toMicros(LATENCY_MAX.toMillis()), DIGITS);
  private final LongAdder succeeded = new LongAdder();
  private final LongAdder inTime = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<String> firstFailure = new AtomicReference<>("");

  /**
   * A flow ended well.
   *
   * @param nanos from when it was meant to begin
   * @param inTime whether that was before the end of the turn; its latency counts either way
   */
  void succeeded(long nanos, boolean inTime) {
    micros.recordValue(
        Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), micros.getHighestTrackableValue()));
    succeeded.increment();
    if (inTime) {
      this.inTime.increment();
    }
  }

  void failed(String why) {
    failed.increment();
    firstFailure.compareAndSet("", why);
  }

  long succeeded() {
    return succeeded.sum();
  }

  /** Flows that ended well before the end of the turn. */
  long inTime() {
    return inTime.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** Empty when none failed. */
  String firstFailure() {
    return String.valueOf(firstFailure.get());
  }

  /** The latency that this share of the flows did not exceed, in milliseconds. */
  double millisAt(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1_000.0;
  }

  double meanMillis() {
    return micros.getMean() / 1_000.0;
  }

  double longestMillis() {
    return micros.getMaxValue() / 1_000.0;
  }
}
