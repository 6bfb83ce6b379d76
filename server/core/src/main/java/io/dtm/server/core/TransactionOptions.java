package io.dtm.server.core;

import java.time.Duration;
import java.util.Map;

/**
 * What a client may set for one transaction. A duration of zero stands for the server's default.
 *
 * @param waitResult whether the client asked to be answered only after the first pass
 * @param timeoutToFail age at which an unfinished transaction turns back; zero: never for a saga,
 *     the server's default for other modes
 * @param requestTimeout limit of one call of a branch
 * @param retryPolicy how it is tried again, and when it is parked
 * @param retryLimit how often a failing saga action is repeated before the saga turns back; zero:
 *     without end
 * @param concurrent whether a message calls its branches all at once
 * @param branchHeaders added to every call of a branch
 */
public record TransactionOptions(
    boolean waitResult,
    Duration timeoutToFail,
    Duration requestTimeout,
    RetryPolicy retryPolicy,
    int retryLimit,
    boolean concurrent,
    Map<String, String> branchHeaders) {
  private static final TransactionOptions DEFAULTS =
      new TransactionOptions(
          false, Duration.ZERO, Duration.ZERO, RetryPolicy.open(), 0, false, Map.of());

  public TransactionOptions {
    requireNotNegative("timeout_to_fail", timeoutToFail);
    requireNotNegative("request_timeout", requestTimeout);
    if (retryLimit < 0) {
      throw new IllegalArgumentException("retry_limit: %d (expected: >= 0)".formatted(retryLimit));
    }
    branchHeaders = Map.copyOf(branchHeaders);
  }

  /** Options that say no more of retries than the first pause. */
  public TransactionOptions(
      boolean waitResult,
      Duration timeoutToFail,
      Duration requestTimeout,
      Duration retryInterval,
      int retryLimit,
      boolean concurrent,
      Map<String, String> branchHeaders) {
    this(
        waitResult,
        timeoutToFail,
        requestTimeout,
        RetryPolicy.ofInterval(retryInterval),
        retryLimit,
        concurrent,
        branchHeaders);
  }

  /** First pause between passes. */
  public Duration retryInterval() {
    return retryPolicy.interval();
  }

  /** Everything at the server's default, nobody waits. */
  public static TransactionOptions defaults() {
    return DEFAULTS;
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          "%s: %d seconds (expected: >= 0)".formatted(name, value.toSeconds()));
    }
  }
}
