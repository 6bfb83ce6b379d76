package io.dtm.server.transfer;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Schedule;
import java.time.Duration;
import java.time.Instant;

/** Whether two stores hold the same. */
final class SameContent {
  private static final Duration ROUNDING = Duration.ofNanos(1_000);

  private SameContent() {}

  /** Equal in everything; a store may have rounded the due time up, by less than a microsecond. */
  static boolean of(GlobalTransaction wanted, GlobalTransaction stored) {
    var dueAt = wanted.schedule().dueAt();
    var found = stored.schedule();
    var unrounded =
        new Schedule(
            dueAt,
            found.interval(),
            found.failures(),
            found.claimedBy(),
            found.retryingSince(),
            found.parking());
    return isRounded(dueAt, found.dueAt()) && stored.withSchedule(unrounded).equals(wanted);
  }

  private static boolean isRounded(Instant wanted, Instant stored) {
    var difference = Duration.between(wanted, stored);
    return !difference.isNegative() && difference.compareTo(ROUNDING) < 0;
  }
}
