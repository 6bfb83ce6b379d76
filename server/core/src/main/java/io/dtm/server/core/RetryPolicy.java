package io.dtm.server.core;

import java.time.Duration;

/**
 * How a transaction that cannot go on is tried again, and when that is given up. Zero leaves a part
 * open: a transaction's policy is completed by that of the destination that failed, this one by the
 * server's.
 *
 * @param interval first pause; zero stands for the server's default
 * @param factor by which a pause is longer than the one before when an answer was unclear, 1 to
 *     {@value #FACTOR_MAX}; 1 keeps it as it is
 * @param intervalMax pauses grow up to this, but never above it unless the first is longer already
 * @param attemptsMax passes in a row with an unclear answer and without progress, after which the
 *     transaction is parked; zero: without end
 * @param ageMax how long it is tried without any progress before it is parked; zero: without end
 */
public record RetryPolicy(
    Duration interval, int factor, Duration intervalMax, int attemptsMax, Duration ageMax) {
  /** The largest factor: whoever needs a larger one wants a longer pause. */
  public static final int FACTOR_MAX = 100;

  private static final RetryPolicy OPEN =
      new RetryPolicy(Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO);

  public RetryPolicy {
    requireNotNegative("retry_interval", interval);
    if (factor < 0 || factor > FACTOR_MAX) {
      throw new IllegalArgumentException(
          "retry_factor: %d (expected: 0 to %d)".formatted(factor, FACTOR_MAX));
    }
    requireNotNegative("retry_max_interval", intervalMax);
    if (attemptsMax < 0) {
      throw new IllegalArgumentException(
          "retry_max_attempts: %d (expected: >= 0)".formatted(attemptsMax));
    }
    requireNotNegative("retry_max_age", ageMax);
  }

  /** Everything is left open. */
  public static RetryPolicy open() {
    return OPEN;
  }

  /** Only the first pause is said. */
  public static RetryPolicy ofInterval(Duration interval) {
    return new RetryPolicy(interval, 0, Duration.ZERO, 0, Duration.ZERO);
  }

  /** Whether nothing is said beyond the first pause. */
  public boolean saysIntervalOnly() {
    return factor == 0 && intervalMax.isZero() && attemptsMax == 0 && ageMax.isZero();
  }

  /** This policy, with what it leaves open as {@code fallback} says. */
  public RetryPolicy completedBy(RetryPolicy fallback) {
    return new RetryPolicy(
        interval.isZero() ? fallback.interval : interval,
        factor == 0 ? fallback.factor : factor,
        intervalMax.isZero() ? fallback.intervalMax : intervalMax,
        attemptsMax == 0 ? fallback.attemptsMax : attemptsMax,
        ageMax.isZero() ? fallback.ageMax : ageMax);
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          "%s: %d seconds (expected: >= 0)".formatted(name, value.toSeconds()));
    }
  }
}
