package io.dtm.server.api;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * How {@link HttpEdge} listens and what it lets in. Messages name the limits by the configuration
 * keys given here.
 *
 * @param port {@code HttpPort}; 0: any free port
 * @param bindHost {@code BindHost}; {@code 0.0.0.0}: every interface
 * @param version what {@code /api/dtmsvr/version} says
 * @param zone in which times are shown
 * @param timeoutToFail {@code TimeoutToFail}; three times this is the default of {@code
 *     resetCronTime}
 * @param bodyBytesMax {@code MaxBodyBytes}: the longest request body
 * @param stepsMax {@code MaxSteps}: most steps of one transaction
 * @param listMax {@code MaxListLimit}: most items of one page; a request for more gets this many
 * @param connectionsMax {@code MaxConnections}: most connections at a time; for a further one that
 *     which has been idle for longest is closed; must stay below the number of files that the
 *     process may open
 * @param requestsMax {@code MaxConcurrentRequests}: most requests in work at a time, further ones
 *     are answered with 503
 * @param transferTimeout {@code TransferTimeout}: how long a client may take to send one request,
 *     and again to take its answer
 * @param idleTimeout {@code IdleTimeout}: how long a connection may stay open without a request
 */
public record HttpEdgeConfig(
    int port,
    String bindHost,
    String version,
    ZoneId zone,
    Duration timeoutToFail,
    int bodyBytesMax,
    int stepsMax,
    int listMax,
    int connectionsMax,
    int requestsMax,
    Duration transferTimeout,
    Duration idleTimeout) {
  public static final int PORT_DEFAULT = 36789;
  public static final int BODY_BYTES_MAX_DEFAULT = 8 * 1024 * 1024;
  public static final int STEPS_MAX_DEFAULT = 10_000;
  public static final int LIST_MAX_DEFAULT = 1_000;
  public static final int CONNECTIONS_MAX_DEFAULT = 8_192;
  public static final int REQUESTS_MAX_DEFAULT = 4_096;
  public static final Duration TIMEOUT_TO_FAIL_DEFAULT = Duration.ofSeconds(35);
  public static final Duration TRANSFER_TIMEOUT_DEFAULT = Duration.ofSeconds(30);
  public static final Duration IDLE_TIMEOUT_DEFAULT = Duration.ofMinutes(5);

  /** Twice the largest body must still be a number of bytes that an array can have. */
  private static final int BODY_BYTES_CEILING = 512 * 1024 * 1024;

  /** More than any machine has ports for. */
  private static final int CONNECTIONS_CEILING = 1_000_000;

  private static final HttpEdgeConfig DEFAULTS =
      new HttpEdgeConfig(
          PORT_DEFAULT,
          "0.0.0.0",
          "0.0.0-dev",
          ZoneOffset.UTC,
          TIMEOUT_TO_FAIL_DEFAULT,
          BODY_BYTES_MAX_DEFAULT,
          STEPS_MAX_DEFAULT,
          LIST_MAX_DEFAULT,
          CONNECTIONS_MAX_DEFAULT,
          REQUESTS_MAX_DEFAULT,
          TRANSFER_TIMEOUT_DEFAULT,
          IDLE_TIMEOUT_DEFAULT);

  public HttpEdgeConfig {
    requireBetween("HttpPort", port, 0, 65_535);
    requireBetween("MaxBodyBytes", bodyBytesMax, 1, BODY_BYTES_CEILING);
    requireBetween("MaxSteps", stepsMax, 1, Integer.MAX_VALUE);
    requireBetween("MaxListLimit", listMax, 1, Integer.MAX_VALUE);
    requireBetween("MaxConnections", connectionsMax, 1, CONNECTIONS_CEILING);
    requireBetween("MaxConcurrentRequests", requestsMax, 1, Integer.MAX_VALUE);
    requirePositive("TimeoutToFail", timeoutToFail);
    requirePositive("TransferTimeout", transferTimeout);
    requirePositive("IdleTimeout", idleTimeout);
  }

  /** Everything at its default. */
  public static HttpEdgeConfig defaults() {
    return DEFAULTS;
  }

  private static void requireBetween(String key, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d to %d)".formatted(key, value, from, to));
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s: %s (expected: more than 0)".formatted(key, value));
    }
  }
}
