package io.dtm.server.store.redis;

import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.util.List;

/**
 * Where the store is and what it may take.
 *
 * @param prefix what every key begins with; stores with different prefixes share nothing
 * @param connectTimeout for opening a connection
 * @param commandTimeout for an answer; after it a write may have happened or not
 * @param replicas how many replicas must have a write before it is acknowledged; 0: none
 * @param replicasTimeout how long that may take; shorter than {@code commandTimeout}
 * @param keepSucceeded after this long Redis forgets a succeeded transaction by itself; zero:
 *     never. Its traces in the indexes go with the next {@code deleteFinished} that comes to its
 *     end
 * @param keepFailed likewise for failed ones
 * @param caFile certificates, in PEM, that TLS trusts; empty: those of the JDK
 */
public record RedisStoreConfig(
    RedisTopology topology,
    String prefix,
    Duration connectTimeout,
    Duration commandTimeout,
    int replicas,
    Duration replicasTimeout,
    Duration keepSucceeded,
    Duration keepFailed,
    String caFile) {
  /** Over how many slots the keys are spread. Part of the layout: never changed. */
  public static final int SLOT_GROUPS = 64;

  public static final String PREFIX = "dtm:";
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  public static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(3);
  public static final Duration REPLICAS_TIMEOUT = Duration.ofSeconds(1);

  public RedisStoreConfig {
    if (prefix.contains("{") || prefix.contains("}")) {
      throw new IllegalArgumentException(
          "prefix: %s (expected: no braces, which choose the slot)".formatted(prefix));
    }
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("commandTimeout", commandTimeout);
    requirePositive("replicasTimeout", replicasTimeout);
    if (replicas < 0) {
      throw new IllegalArgumentException("replicas: %d (expected: >= 0)".formatted(replicas));
    }
    if (replicas > 0 && replicasTimeout.compareTo(commandTimeout) >= 0) {
      throw new IllegalArgumentException(
          "replicasTimeout: %s (expected: < commandTimeout, %s)"
              .formatted(replicasTimeout, commandTimeout));
    }
    requireNotNegative("keepSucceeded", keepSucceeded);
    requireNotNegative("keepFailed", keepFailed);
  }

  public static RedisStoreConfig standalone(String address) {
    return defaults(new RedisTopology.Standalone(address));
  }

  /** For servers and Sentinels without a password. */
  public static RedisStoreConfig sentinel(List<String> addresses, String masterName) {
    return defaults(new RedisTopology.Sentinel(addresses, masterName, "", ""));
  }

  public static RedisStoreConfig cluster(List<String> addresses) {
    return defaults(new RedisTopology.Cluster(addresses));
  }

  public static RedisStoreConfig defaults(RedisTopology topology) {
    return new RedisStoreConfig(
        topology,
        PREFIX,
        CONNECT_TIMEOUT,
        COMMAND_TIMEOUT,
        0,
        REPLICAS_TIMEOUT,
        Duration.ZERO,
        Duration.ZERO,
        "");
  }

  public RedisStoreConfig withPrefix(String next) {
    return new RedisStoreConfig(
        topology,
        next,
        connectTimeout,
        commandTimeout,
        replicas,
        replicasTimeout,
        keepSucceeded,
        keepFailed,
        caFile);
  }

  public RedisStoreConfig withTimeouts(Duration connect, Duration command) {
    return new RedisStoreConfig(
        topology,
        prefix,
        connect,
        command,
        replicas,
        replicasTimeout,
        keepSucceeded,
        keepFailed,
        caFile);
  }

  public RedisStoreConfig withReplicas(int count, Duration timeout) {
    return new RedisStoreConfig(
        topology,
        prefix,
        connectTimeout,
        commandTimeout,
        count,
        timeout,
        keepSucceeded,
        keepFailed,
        caFile);
  }

  public RedisStoreConfig withRetention(Duration succeeded, Duration failed) {
    return new RedisStoreConfig(
        topology,
        prefix,
        connectTimeout,
        commandTimeout,
        replicas,
        replicasTimeout,
        succeeded,
        failed,
        caFile);
  }

  public RedisStoreConfig withCaFile(String file) {
    return new RedisStoreConfig(
        topology,
        prefix,
        connectTimeout,
        commandTimeout,
        replicas,
        replicasTimeout,
        keepSucceeded,
        keepFailed,
        file);
  }

  /** How long one of that status is kept once it is there; zero: for ever. */
  Duration keep(TransactionStatus status) {
    return switch (status) {
      case PREPARED, SUBMITTED, ABORTING -> Duration.ZERO;
      case SUCCEEDED -> keepSucceeded;
      case FAILED -> keepFailed;
    };
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s: %s (expected: > 0)".formatted(name, value));
    }
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("%s: %s (expected: >= 0)".formatted(name, value));
    }
  }
}
