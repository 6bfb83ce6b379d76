package io.dtm.server.store.mongo;

import java.time.Duration;

/**
 * How MongoDB is reached, and how long it keeps what is finished.
 *
 * @param connectionString {@code mongodb://[user:password@]host1[:port1],…/[?options]}, with the
 *     driver's own options: {@code replicaSet}, {@code tls}, {@code retryWrites=false} for servers
 *     without sessions, {@code readConcernLevel=local} for servers without another. Time-outs,
 *     write concern and read preference in it have no effect.
 * @param database holds the collections, made if it is not there
 * @param collectionPrefix what the names of the collections begin with
 * @param connectTimeout how long a request may wait for a server that takes writes, and for a
 *     connection to it
 * @param requestTimeout how long a server may take to answer before the outcome counts as unknown.
 *     The driver asks a second time where the server has sessions, so that a caller may wait twice
 *     as long.
 * @param retentionSucceeded how long the server keeps what succeeded, counted from its end; zero:
 *     until it is deleted
 * @param retentionFailed how long it keeps what failed
 */
public record MongoStoreConfig(
    String connectionString,
    String database,
    String collectionPrefix,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration retentionSucceeded,
    Duration retentionFailed) {
  public static final String DATABASE = "dtm";
  public static final String COLLECTION_PREFIX = "dtm_";
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
  private static final Duration TIMEOUT_MAX = Duration.ofHours(1);

  public MongoStoreConfig {
    if (!connectionString.startsWith("mongodb://")
        && !connectionString.startsWith("mongodb+srv://")) {
      throw new IllegalArgumentException(
          "connectionString: begins otherwise (expected: mongodb:// or mongodb+srv://)");
    }
    requireTimeout("connectTimeout", connectTimeout);
    requireTimeout("requestTimeout", requestTimeout);
    requireNotNegative("retentionSucceeded", retentionSucceeded);
    requireNotNegative("retentionFailed", retentionFailed);
  }

  /** Collections {@code dtm_…} of the database {@code dtm}, from which nothing goes by itself. */
  public static MongoStoreConfig defaults(String connectionString) {
    return new MongoStoreConfig(
        connectionString,
        DATABASE,
        COLLECTION_PREFIX,
        CONNECT_TIMEOUT,
        REQUEST_TIMEOUT,
        Duration.ZERO,
        Duration.ZERO);
  }

  public MongoStoreConfig withDatabase(String name) {
    return new MongoStoreConfig(
        connectionString,
        name,
        collectionPrefix,
        connectTimeout,
        requestTimeout,
        retentionSucceeded,
        retentionFailed);
  }

  public MongoStoreConfig withTimeouts(Duration connect, Duration request) {
    return new MongoStoreConfig(
        connectionString,
        database,
        collectionPrefix,
        connect,
        request,
        retentionSucceeded,
        retentionFailed);
  }

  public MongoStoreConfig withRetention(Duration succeeded, Duration failed) {
    return new MongoStoreConfig(
        connectionString,
        database,
        collectionPrefix,
        connectTimeout,
        requestTimeout,
        succeeded,
        failed);
  }

  /** For messages: the hosts and the database, without user, password and options. */
  public String describe() {
    var rest = connectionString.substring(connectionString.indexOf("://") + "://".length());
    // A password may hold any of these unescaped, by mistake: nothing before the last @ is a host.
    var hosts = rest.substring(rest.lastIndexOf('@') + 1).split("[/?]", 2)[0];
    return "MongoDB at %s, database %s".formatted(hosts, database);
  }

  /** Everything but secrets. */
  @Override
  public String toString() {
    return "MongoStoreConfig[" + describe() + "]";
  }

  /** The driver counts in milliseconds and takes none to mean "for ever". */
  private static void requireTimeout(String name, Duration value) {
    if (value.compareTo(TIMEOUT_MIN) < 0 || value.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s to %s)".formatted(name, value, TIMEOUT_MIN, TIMEOUT_MAX));
    }
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("%s: %s (expected: >= 0)".formatted(name, value));
    }
  }
}
