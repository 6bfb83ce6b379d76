package io.dtm.server.engine;

import io.dtm.server.core.TransactionStatus;
import java.time.Duration;

/**
 * How long finished transactions are kept, counted from their end; zero keeps them for ever.
 *
 * @param succeeded those in which every branch took effect
 * @param failed those that were rolled back or stopped, which people look at for longer
 */
public record RetentionPeriods(Duration succeeded, Duration failed) {
  public RetentionPeriods {
    requireNotNegative("succeeded", succeeded);
    requireNotNegative("failed", failed);
  }

  public static RetentionPeriods same(Duration period) {
    return new RetentionPeriods(period, period);
  }

  /** The period of one final status. */
  public Duration of(TransactionStatus status) {
    return status == TransactionStatus.SUCCEEDED ? succeeded : failed;
  }

  private static void requireNotNegative(String name, Duration period) {
    if (period.isNegative()) {
      throw new IllegalArgumentException("%s: %s (expected: >= 0)".formatted(name, period));
    }
  }
}
