package io.dtm.server.store.kit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Whole microseconds since 1970, the form in which stores compare times. An instant too far away
 * for 64 bits (beyond the year 294,000) becomes the nearest that fits.
 */
public final class Micros {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private Micros() {}

  /** The last whole microsecond that is not after {@code instant}. */
  public static long floor(Instant instant) {
    return micros(instant.getEpochSecond(), instant.getNano() / NANOS_PER_MICRO);
  }

  /** The first whole microsecond that is not before {@code instant}. */
  public static long ceiling(Instant instant) {
    long nanos = instant.getNano();
    return micros(instant.getEpochSecond(), -Math.floorDiv(-nanos, NANOS_PER_MICRO));
  }

  private static long micros(long seconds, long fraction) {
    try {
      return Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), fraction);
    } catch (ArithmeticException e) {
      return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** {@code now} plus {@code beyond}, or the farthest instant there is in that direction. */
  public static Instant plus(Instant now, Duration beyond) {
    try {
      return now.plus(beyond);
    } catch (DateTimeException | ArithmeticException e) {
      return beyond.isNegative() ? Instant.MIN : Instant.MAX;
    }
  }
}
