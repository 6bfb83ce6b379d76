package io.dtm.server.store.jdbc;

import java.time.Duration;

/**
 * How an SQL database is reached.
 *
 * @param url a JDBC URL: {@code jdbc:mariadb:} for the MySQL family, {@code jdbc:postgresql:} or
 *     {@code jdbc:sqlserver:}. Its parameters are the driver's own, among them those of TLS.
 * @param user empty: the URL says it, or the server does not ask
 * @param schema the PostgreSQL schema that holds the tables, made if it is not there; empty: the
 *     first one of the search path. The others have their tables in the URL's database.
 * @param connectionsMax open connections at most
 * @param connectionsIdle connections that are kept open while there is nothing to do
 * @param connectionLifetime age at which a connection is replaced
 * @param connectTimeout how long a request may wait for a connection
 * @param requestTimeout how long one statement may take before its outcome counts as unknown
 */
public record JdbcStoreConfig(
    String url,
    String user,
    String password,
    String schema,
    int connectionsMax,
    int connectionsIdle,
    Duration connectionLifetime,
    Duration connectTimeout,
    Duration requestTimeout) {
  private static final int CONNECTIONS_MAX = 32;

  /** Servers of the MySQL family count whole seconds. */
  private static final Duration LOCK_TIMEOUT_MIN = Duration.ofSeconds(1);

  private static final Duration LOCK_TIMEOUT_MAX = Duration.ofSeconds(2);

  /** So many waits for locks have room in one request. */
  private static final int LOCK_TIMEOUTS_PER_REQUEST = 5;

  public JdbcStoreConfig {
    requirePositive("connectionsMax", connectionsMax);
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("requestTimeout", requestTimeout);
    if (connectionsIdle < 0 || connectionsIdle > connectionsMax) {
      throw new IllegalArgumentException(
          "connectionsIdle: %d (expected: 0 to %d)".formatted(connectionsIdle, connectionsMax));
    }
  }

  /** 32 connections at most, 3 seconds for a connection, 10 seconds for a statement. */
  public static JdbcStoreConfig defaults(String url, String user, String password) {
    return new JdbcStoreConfig(
        url,
        user,
        password,
        "",
        CONNECTIONS_MAX,
        CONNECTIONS_MAX,
        Duration.ofMinutes(5),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10));
  }

  public JdbcStoreConfig withSchema(String name) {
    return new JdbcStoreConfig(
        url,
        user,
        password,
        name,
        connectionsMax,
        connectionsIdle,
        connectionLifetime,
        connectTimeout,
        requestTimeout);
  }

  public JdbcStoreConfig withConnections(int max, int idle, Duration lifetime) {
    return new JdbcStoreConfig(
        url, user, password, schema, max, idle, lifetime, connectTimeout, requestTimeout);
  }

  public JdbcStoreConfig withTimeouts(Duration connect, Duration request) {
    return new JdbcStoreConfig(
        url,
        user,
        password,
        schema,
        connectionsMax,
        connectionsIdle,
        connectionLifetime,
        connect,
        request);
  }

  /**
   * How long a statement may wait for a row that somebody has locked: a fifth of the request
   * timeout, but 1 second at least and 2 seconds at most.
   */
  Duration lockTimeout() {
    var share = requestTimeout.dividedBy(LOCK_TIMEOUTS_PER_REQUEST);
    var shortened = share.compareTo(LOCK_TIMEOUT_MAX) > 0 ? LOCK_TIMEOUT_MAX : share;
    return shortened.compareTo(LOCK_TIMEOUT_MIN) < 0 ? LOCK_TIMEOUT_MIN : shortened;
  }

  /** For messages: the URL without its parameters, which may hold secrets. */
  public String describe() {
    return url.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//");
  }

  /** Everything but secrets. */
  @Override
  public String toString() {
    return "JdbcStoreConfig[" + describe() + "]";
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s: %s (expected: > 0)".formatted(name, value));
    }
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s: %d (expected: > 0)".formatted(name, value));
    }
  }
}
