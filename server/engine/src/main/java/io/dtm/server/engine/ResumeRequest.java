package io.dtm.server.engine;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which parked transactions are to go on, and how gently.
 *
 * @param mode null: any
 * @param destination host and port of the branch that they are parked for; empty: any
 * @param reasonContains a part of the reason; empty: any
 * @param limit most that are resumed
 * @param perSecond so many fall due in each second
 * @param delay when the first one falls due, counted from now
 * @param position where an earlier request ended; empty: at the one that was parked first
 * @param dryRun whether they are only counted, all of them
 */
public record ResumeRequest(
    @Nullable TransactionMode mode,
    String destination,
    String reasonContains,
    int limit,
    int perSecond,
    Duration delay,
    String position,
    boolean dryRun) {
  public ResumeRequest {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: %d (expected: >= 1)".formatted(limit));
    }
    if (perSecond < 1) {
      throw new IllegalArgumentException("perSecond: %d (expected: >= 1)".formatted(perSecond));
    }
  }

  boolean matches(GlobalTransaction transaction) {
    var parking = transaction.schedule().parking();
    return parking != null
        && (mode == null || mode == transaction.mode())
        && (destination.isEmpty() || destination.equals(parking.destination()))
        && parking.reason().contains(reasonContains);
  }
}
