package io.dtm.server.core;

import java.time.Duration;
import java.time.Instant;

/**
 * That a transaction is no longer tried, because a limit of its {@link RetryPolicy} was reached. It
 * stays where it is until somebody resumes it.
 *
 * @param reason which limit, at which branch, and what was heard last, in a sentence for operators
 * @param destination host and port of that branch; empty when it has no address
 * @param since when it was parked
 */
public record Parking(String reason, String destination, Instant since) {
  /*
   * A parked transaction is due in a far future that nobody lives to see, at a time that tells when it
   * was parked. So no claim ever finds it, no store needs an index or a column for it, and a range of
   * the index of due times lists the parked ones in the order in which they were parked. Servers that
   * know nothing of parking leave it alone for the same reason.
   */

  /** No parked transaction is due before. */
  public static final Instant DUE_FROM = Instant.parse("9000-01-01T00:00:00Z");

  /** No parked transaction is due then or later. */
  public static final Instant DUE_TO = Instant.parse("9900-01-01T00:00:00Z");

  private static final Duration SINCE_MAX =
      Duration.between(DUE_FROM, DUE_TO).minus(Duration.ofSeconds(1));

  /** Longest reason, in characters; a longer one is cut. */
  public static final int REASON_LENGTH_MAX = 1_000;

  public Parking {
    if (reason.length() > REASON_LENGTH_MAX) {
      reason = reason.substring(0, REASON_LENGTH_MAX - 1) + "…";
    }
  }

  /** Whether only parked transactions are due at such a time. */
  public static boolean isDueTime(Instant dueAt) {
    return !dueAt.isBefore(DUE_FROM) && dueAt.isBefore(DUE_TO);
  }

  /** The due time that stands for it. */
  public Instant dueAt() {
    var sinceEpoch = Duration.between(Instant.EPOCH, since);
    if (sinceEpoch.isNegative()) {
      return DUE_FROM;
    }
    return DUE_FROM.plus(sinceEpoch.compareTo(SINCE_MAX) > 0 ? SINCE_MAX : sinceEpoch);
  }
}
