package io.dtm.server.core;

import java.time.Duration;
import java.time.Instant;

/**
 * When a transaction is looked at next, and by whom. While a node works on it, {@code dueAt} is the
 * end of that node's lease: should the node die, the transaction simply becomes due.
 *
 * @param dueAt when any node may take it
 * @param interval how long the last pause was, or the first will be
 * @param failures passes in a row that ended with an unclear answer
 * @param claimedBy the node at work; empty when nobody is
 */
public record Schedule(Instant dueAt, Duration interval, int failures, String claimedBy) {

  public boolean isClaimed() {
    return !claimedBy.isEmpty();
  }

  /** The same schedule in the hands of {@code node} until {@code until}. */
  public Schedule claimed(String node, Instant until) {
    return new Schedule(until, interval, failures, node);
  }

  /** The same pause rules, nobody at work, due at {@code at}. */
  public Schedule due(Instant at) {
    return new Schedule(at, interval, failures, "");
  }
}
