package io.dtm.server.core;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a transaction is looked at next, and by whom. While a node works on it, {@code dueAt} is the
 * end of that node's lease: should the node die, the transaction simply becomes due.
 *
 * @param dueAt when any node may take it
 * @param interval how long the last pause was, or the first will be; zero: it begins anew
 * @param failures passes in a row that ended with an unclear answer
 * @param claimedBy the node at work; empty when nobody is
 * @param retryingSince the end of the first pass in a row that brought no progress; null when there
 *     was none, or when no limit asks for it
 * @param parking why it is not looked at any more; null when it is
 */
public record Schedule(
    Instant dueAt,
    Duration interval,
    int failures,
    String claimedBy,
    @Nullable Instant retryingSince,
    @Nullable Parking parking) {

  public Schedule {
    if (parking != null && !Parking.isDueTime(dueAt)) {
      throw new IllegalArgumentException(
          "dueAt: %s of a parked transaction (expected: %s)".formatted(dueAt, parking.dueAt()));
    }
  }

  /** One that is not parked, and whose retries are not timed. */
  public Schedule(Instant dueAt, Duration interval, int failures, String claimedBy) {
    this(dueAt, interval, failures, claimedBy, null, null);
  }

  public boolean isClaimed() {
    return !claimedBy.isEmpty();
  }

  public boolean isParked() {
    return parking != null;
  }

  /** The same schedule in the hands of {@code node} until {@code until}; parked no longer. */
  public Schedule claimed(String node, Instant until) {
    return going(until, node);
  }

  /** The same pause rules, nobody at work, due at {@code at}; parked no longer. */
  public Schedule due(Instant at) {
    return going(at, "");
  }

  /** Whoever was parked begins anew: all that counts towards a limit is forgotten. */
  private Schedule going(Instant nextDueAt, String node) {
    return isParked()
        ? new Schedule(nextDueAt, Duration.ZERO, 0, node)
        : new Schedule(nextDueAt, interval, failures, node, retryingSince, null);
  }

  /** The same schedule; how long it has been tried counts from the next pass on. */
  Schedule untimed() {
    return retryingSince == null
        ? this
        : new Schedule(dueAt, interval, failures, claimedBy, null, parking);
  }

  /** The same schedule, not to be looked at until it is made due or claimed. */
  public Schedule parked(Parking why) {
    return new Schedule(why.dueAt(), interval, failures, "", retryingSince, why);
  }
}
