package io.dtm.server.api.grpc;

import java.time.Duration;

/**
 * How {@link GrpcEdge} listens and what it lets in.
 *
 * @param port 0: any free port
 * @param bindHost {@code 0.0.0.0}: every interface
 * @param messageBytesMax the longest request message
 * @param stepsMax most steps of one transaction
 * @param connectionsMax most connections at a time; for a further one that which has been idle for
 *     longest is closed; must stay below the number of files that the process may open
 * @param callsPerConnectionMax most calls at a time on one connection, further ones wait at the
 *     client
 * @param requestsMax most requests in work at a time, further ones are answered with
 *     RESOURCE_EXHAUSTED
 * @param receiveTimeout how long a client may take to send one request
 * @param idleTimeout how long a connection may stay open without a call
 * @param keepAliveTime how long a client may be silent before its connection is tested
 * @param keepAliveTimeout how long that test may take before the connection counts as dead
 * @param keepAliveMin how often clients may test the connection at most; who does it more often is
 *     cut off
 */
public record GrpcEdgeConfig(
    int port,
    String bindHost,
    int messageBytesMax,
    int stepsMax,
    int connectionsMax,
    int callsPerConnectionMax,
    int requestsMax,
    Duration receiveTimeout,
    Duration idleTimeout,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration keepAliveMin) {
  public static final int PORT_DEFAULT = 36790;
  public static final int MESSAGE_BYTES_MAX_DEFAULT = 4 * 1024 * 1024;
  public static final int STEPS_MAX_DEFAULT = 10_000;
  public static final int CONNECTIONS_MAX_DEFAULT = 8_192;
  public static final int CALLS_PER_CONNECTION_MAX_DEFAULT = 4_096;
  public static final int REQUESTS_MAX_DEFAULT = 4_096;
  public static final Duration RECEIVE_TIMEOUT_DEFAULT = Duration.ofSeconds(30);
  public static final Duration IDLE_TIMEOUT_DEFAULT = Duration.ofMinutes(15);
  public static final Duration KEEP_ALIVE_TIME_DEFAULT = Duration.ofMinutes(2);
  public static final Duration KEEP_ALIVE_TIMEOUT_DEFAULT = Duration.ofSeconds(20);
  public static final Duration KEEP_ALIVE_MIN_DEFAULT = Duration.ofSeconds(5);

  private static final GrpcEdgeConfig DEFAULTS =
      new GrpcEdgeConfig(
          PORT_DEFAULT,
          "0.0.0.0",
          MESSAGE_BYTES_MAX_DEFAULT,
          STEPS_MAX_DEFAULT,
          CONNECTIONS_MAX_DEFAULT,
          CALLS_PER_CONNECTION_MAX_DEFAULT,
          REQUESTS_MAX_DEFAULT,
          RECEIVE_TIMEOUT_DEFAULT,
          IDLE_TIMEOUT_DEFAULT,
          KEEP_ALIVE_TIME_DEFAULT,
          KEEP_ALIVE_TIMEOUT_DEFAULT,
          KEEP_ALIVE_MIN_DEFAULT);

  public GrpcEdgeConfig {
    requireBetween("port", port, 0, 65_535);
    requireBetween("messageBytesMax", messageBytesMax, 1, Integer.MAX_VALUE);
    requireBetween("stepsMax", stepsMax, 1, Integer.MAX_VALUE);
    requireBetween("connectionsMax", connectionsMax, 1, Integer.MAX_VALUE);
    requireBetween("callsPerConnectionMax", callsPerConnectionMax, 1, Integer.MAX_VALUE);
    requireBetween("requestsMax", requestsMax, 1, Integer.MAX_VALUE);
    requirePositive("receiveTimeout", receiveTimeout);
    requirePositive("idleTimeout", idleTimeout);
    requirePositive("keepAliveTime", keepAliveTime);
    requirePositive("keepAliveTimeout", keepAliveTimeout);
    requirePositive("keepAliveMin", keepAliveMin);
  }

  /** Everything at its default. */
  public static GrpcEdgeConfig defaults() {
    return DEFAULTS;
  }

  private static void requireBetween(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d to %d)".formatted(name, value, from, to));
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s: %s (expected: more than 0)".formatted(name, value));
    }
  }
}
