package io.dtm.server.app;

import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.RetentionPeriods;
import io.dtm.server.engine.RetryPolicies;
import java.time.Duration;

/**
 * What an operator may choose of {@link EngineConfig}, by the reference's rules.
 *
 * @param pollInterval {@code TransCronInterval}
 * @param retention {@code Store.DataExpire} and its kin
 * @param writers {@code Store.Writers}
 * @param retryPolicies {@code RetryFactor} and its kin
 */
public record EngineSettings(
    Duration retryInterval,
    Duration retryIntervalMax,
    Duration timeoutToFail,
    Duration requestTimeout,
    Duration pollInterval,
    int submissionsMax,
    int retriesMax,
    RetentionPeriods retention,
    int writers,
    RetryPolicies retryPolicies) {
  private static final Duration RETRY_INTERVAL_MIN = Duration.ofSeconds(10);

  public EngineSettings {
    // The first two messages are the reference's, which operators know.
    if (retryInterval.compareTo(RETRY_INTERVAL_MIN) < 0) {
      throw new IllegalArgumentException("RetryInterval should not be less than 10");
    }
    if (timeoutToFail.compareTo(retryInterval) < 0) {
      throw new IllegalArgumentException("TimeoutToFail should not be less than RetryInterval");
    }
    if (retryIntervalMax.compareTo(retryInterval) < 0) {
      throw new IllegalArgumentException("RetryIntervalMax should not be less than RetryInterval");
    }
  }

  public static EngineSettings defaults() {
    var engine = EngineConfig.defaults();
    return new EngineSettings(
        engine.retryInterval(),
        engine.retryIntervalMax(),
        engine.timeoutToFail(),
        engine.requestTimeout(),
        engine.pollInterval(),
        engine.submissionsMax(),
        engine.retriesMax(),
        engine.retention(),
        engine.writers(),
        engine.retryPolicies());
  }

  /** The same, for a store that keeps what is finished for so long and serves so many writers. */
  EngineSettings withStore(RetentionPeriods periods, int writerCount) {
    return new EngineSettings(
        retryInterval,
        retryIntervalMax,
        timeoutToFail,
        requestTimeout,
        pollInterval,
        submissionsMax,
        retriesMax,
        periods,
        writerCount,
        retryPolicies);
  }

  /** A node's lease is as long as the first pause between passes, as in the reference. */
  EngineConfig toEngineConfig() {
    var defaults = EngineConfig.defaults();
    return new EngineConfig(
        retryInterval,
        retryIntervalMax,
        timeoutToFail,
        requestTimeout,
        retryInterval,
        pollInterval,
        defaults.lazyWriteDelay(),
        submissionsMax,
        retriesMax,
        defaults.pendingWritesMax(),
        defaults.writeBatchMax(),
        writers,
        retention,
        retryPolicies);
  }
}
