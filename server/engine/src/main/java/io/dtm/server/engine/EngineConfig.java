package io.dtm.server.engine;

import java.time.Duration;

/**
 * The engine's rules of time and its limits.
 *
 * @param retryInterval first pause between passes, unless the transaction asks for another
 * @param retryIntervalMax pauses double up to this, but never above it unless the transaction
 *     itself asks for more
 * @param timeoutToFail age at which a transaction that its client has left alone is turned back or
 *     asked for, unless it asks for another; sagas have none by default
 * @param requestTimeout limit of one call of a branch, unless the transaction asks for another
 * @param lease how long a node may work on a transaction without renewing its claim
 * @param pollInterval longest time between two looks for due transactions
 * @param lazyWriteDelay longest time a branch's success inside a running pass stays unwritten
 * @param submissionsMax passes that may run at once on behalf of submits; beyond it submits are
 *     told to come back
 * @param retriesMax passes that may run at once for transactions that fell due; beyond it they wait
 *     in the store
 * @param pendingWritesMax writes that may wait for the next commit; beyond it writers wait
 * @param writeBatchMax writes that one commit carries at most
 * @param writers commits that may run at once; more than one suits a store whose commits wait for a
 *     network or for a disk that serves several at a time
 * @param retention how long finished transactions are kept
 * @param retryPolicies when retries are given up, and what else is particular to a destination
 */
public record EngineConfig(
    Duration retryInterval,
    Duration retryIntervalMax,
    Duration timeoutToFail,
    Duration requestTimeout,
    Duration lease,
    Duration pollInterval,
    Duration lazyWriteDelay,
    int submissionsMax,
    int retriesMax,
    int pendingWritesMax,
    int writeBatchMax,
    int writers,
    RetentionPeriods retention,
    RetryPolicies retryPolicies) {
  public EngineConfig {
    requirePositive("retryInterval", retryInterval);
    requirePositive("retryIntervalMax", retryIntervalMax);
    requirePositive("timeoutToFail", timeoutToFail);
    requirePositive("requestTimeout", requestTimeout);
    requirePositive("lease", lease);
    requirePositive("pollInterval", pollInterval);
    requirePositive("lazyWriteDelay", lazyWriteDelay);
    requirePositive("submissionsMax", submissionsMax);
    requirePositive("retriesMax", retriesMax);
    requirePositive("pendingWritesMax", pendingWritesMax);
    requirePositive("writeBatchMax", writeBatchMax);
    requirePositive("writers", writers);
  }

  /** One under which nothing is ever given up. */
  public EngineConfig(
      Duration retryInterval,
      Duration retryIntervalMax,
      Duration timeoutToFail,
      Duration requestTimeout,
      Duration lease,
      Duration pollInterval,
      Duration lazyWriteDelay,
      int submissionsMax,
      int retriesMax,
      int pendingWritesMax,
      int writeBatchMax,
      int writers,
      RetentionPeriods retention) {
    this(
        retryInterval,
        retryIntervalMax,
        timeoutToFail,
        requestTimeout,
        lease,
        pollInterval,
        lazyWriteDelay,
        submissionsMax,
        retriesMax,
        pendingWritesMax,
        writeBatchMax,
        writers,
        retention,
        RetryPolicies.none());
  }

  /** The reference's timing; limits that fit a machine of two cores and 512 MiB of heap. */
  public static EngineConfig defaults() {
    return new EngineConfig(
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Duration.ofSeconds(35),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(3),
        Duration.ofMillis(200),
        4_096,
        2_048,
        16_384,
        1_024,
        1,
        RetentionPeriods.same(Duration.ofDays(7)));
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("%s: %s (expected: > 0)".formatted(name, value));
    }
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s: %d (expected: > 0)".formatted(name, value));
    }
  }
}
