package io.dtm.server.api;

import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.ConnectionLimit;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.engine.Coordinator;
import io.dtm.server.topics.Topics;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Serves the REST routes and JSON-RPC over HTTP/1.1, each request on a virtual thread of its own.
 * {@link #start} and {@link #stop} are for one thread, each to be called once.
 */
public final class HttpEdge {
  private static final int REQUEST_LINE_BYTES_MAX = 8 * 1024;
  private static final int HEADER_BYTES_MAX = 16 * 1024;
  private static final Duration IDLE_CHECK_INTERVAL_MAX = Duration.ofSeconds(30);

  /** For what is left when all requests have been answered, such as idle connections. */
  private static final Duration CLOSE_GRACE = Duration.ofMillis(500);

  private final HttpEdgeConfig config;
  private final TransferDeadlines deadlines;
  private final EdgeHandler handler;
  private final WebServer server;

  /** With as much memory as there is; see the other constructor. */
  public HttpEdge(
      HttpEdgeConfig config,
      Coordinator coordinator,
      Topics topics,
      KeyValueStore keyValues,
      InstantSource clock,
      RandomGenerator random) {
    this(config, coordinator, topics, keyValues, clock, random, ByteBudget.unlimited());
  }

  /**
   * Prepares everything; nothing listens yet.
   *
   * @param topics the same that the coordinator's engine asks, so that changes count at once
   * @param clock for time limits of transfers and of the log
   * @param random for gids; must be thread-safe, and unpredictable where clients must not guess
   *     each other's gids
   * @param bytes for the bodies and answers of requests in work
   */
  public HttpEdge(
      HttpEdgeConfig config,
      Coordinator coordinator,
      Topics topics,
      KeyValueStore keyValues,
      InstantSource clock,
      RandomGenerator random,
      ByteBudget bytes) {
    var parts = new EdgeParts(config, coordinator, topics, keyValues, clock, random, bytes);
    this.config = config;
    this.deadlines = new TransferDeadlines(config.transferTimeout(), clock);
    var connections = new ConnectionLimit<Thread>(config.connectionsMax());
    this.handler =
        new EdgeHandler(
            parts.routes(),
            config,
            deadlines,
            parts.replies(),
            parts.errors(),
            parts.failures(),
            new EdgeHandler.Limits(bytes, connections),
            clock);
    this.server =
        server(
            config,
            handler,
            new LimitedConnections(protocol(deadlines), connections),
            parts.errors());
  }

  /**
   * Listens from now on.
   *
   * @throws IllegalStateException when the port cannot be had
   */
  public void start() {
    server.start();
    if (!server.isRunning()) {
      throw notListening();
    }
    deadlines.start();
  }

  /** Finds out what was wrong by trying it again: the server only tells its log. */
  private IllegalStateException notListening() {
    var message =
        "HttpPort: %s:%d cannot be listened on (expected: a free port and an address of this machine)"
            .formatted(config.bindHost(), config.port());
    try (var socket = new ServerSocket()) {
      socket.bind(address(config));
      return new IllegalStateException(message);
    } catch (IOException e) {
      return new IllegalStateException(message, e);
    }
  }

  private static InetSocketAddress address(HttpEdgeConfig config) {
    return new InetSocketAddress(config.bindHost(), config.port());
  }

  /** The port that it listens on, also when the configuration left the choice open. */
  public int port() {
    return server.port();
  }

  /**
   * Answers every new request, the ping too, with 503 from now on, so that a load balancer turns
   * elsewhere. Requests in work go on.
   */
  public void refuse() {
    handler.refuse();
  }

  /**
   * Refuses new requests, waits up to {@code patience} for those in work to be answered, then
   * closes all connections.
   */
  public void stop(Duration patience) {
    try {
      handler.stop(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // no more patience
    }
    server.stop();
    deadlines.stop();
  }

  private static ServerConnectionSelector protocol(TransferDeadlines deadlines) {
    var http1 =
        Http1Config.builder()
            .maxPrologueLength(REQUEST_LINE_BYTES_MAX)
            .maxHeadersSize(HEADER_BYTES_MAX)
            .validatePrologue(false) // clients leave odd characters in query strings unencoded
            .addReceiveListener(deadlines)
            .build();
    return Http1ConnectionSelector.builder().config(http1).build();
  }

  private static WebServer server(
      HttpEdgeConfig config,
      EdgeHandler handler,
      ServerConnectionSelector connections,
      DirectErrors errors) {
    var idleCheck = config.idleTimeout().dividedBy(2);
    return WebServer.builder()
        .bindAddress(address(config))
        // else the end of a large answer waits up to 40 ms until the beginning is acknowledged
        .connectionOptions(options -> options.tcpNoDelay(true))
        .protocolsDiscoverServices(false)
        .addConnectionSelector(connections)
        .routing(HttpRouting.builder().any(handler))
        .directHandlers(errors.forEveryEvent())
        // between the limit and this a body is still read to its end and thrown away
        .maxPayloadSize(2L * config.bodyBytesMax())
        .maxTcpConnections(config.connectionsMax() + ConnectionLimit.CLOSING_MAX)
        .idleConnectionTimeout(config.idleTimeout())
        .idleConnectionPeriod(
            idleCheck.compareTo(IDLE_CHECK_INTERVAL_MAX) < 0 ? idleCheck : IDLE_CHECK_INTERVAL_MAX)
        .shutdownGracePeriod(CLOSE_GRACE)
        .shutdownHook(false)
        .build();
  }
}
