package io.dtm.server.app;

import io.dtm.server.api.HttpEdge;
import io.dtm.server.api.grpc.GrpcEdge;
import io.dtm.server.engine.Engine;
import io.dtm.server.stores.OpenStore;
import io.dtm.server.stores.StoreUnusable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server. Starts completely or not at all. Thread-safe. */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  /** Of the drain time-out, kept for closing when nothing comes to rest; and most of that. */
  private static final int CLOSING_SHARE = 5;

  private static final Duration TO_CLOSE = Duration.ofSeconds(1);

  private final ServerConfig config;
  private final InstantSource clock;
  private final Lifecycle lifecycle;
  private final Edges edges;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Set when the server is told to end: by then running work has to have come to rest. */
  private volatile Instant drainEnd = Instant.MIN;

  private record Edges(HttpEdge http, GrpcEdge grpc) {}

  private Server(ServerConfig config, InstantSource clock, Lifecycle lifecycle) {
    this.config = config;
    this.clock = clock;
    this.lifecycle = lifecycle;
    this.edges = open();
  }

  /**
   * Starts a server and returns once it answers.
   *
   * @throws ServerStartFailed when a port, a folder or the store cannot be had
   */
  public static Server start(ServerConfig config) {
    return start(config, InstantSource.system());
  }

  /**
   * Likewise, on a machine with such a clock. Where servers share a store they take their time from
   * it, and this clock only tells how long they may take to end.
   */
  public static Server start(ServerConfig config, InstantSource clock) {
    var lifecycle = new Lifecycle();
    try {
      return new Server(config, clock, lifecycle);
    } catch (RuntimeException e) {
      lifecycle.close();
      throw e;
    }
  }

  private Edges open() {
    var store = openStore();
    lifecycle.onClose("store", store::close);
    var wiring = new Wiring(config, store);
    var timer = wiring.timer();
    lifecycle.onClose("timer", timer::close);
    var client = wiring.httpClient();
    lifecycle.onClose("HTTP client", client::close);
    client.start();
    var grpcCaller = wiring.grpcCaller();
    lifecycle.onClose("gRPC client", grpcCaller::close);
    var alerts = wiring.alerts(client);
    lifecycle.onClose("alert webhook", alerts::close);
    alerts.start();
    var topics = wiring.topics();
    var callers = new Wiring.Callers(client, grpcCaller);
    var engine = wiring.engine(callers, topics, timer, alerts);
    engine.start();
    lifecycle.onClose("engine", engine::close);
    lifecycle.onClose("running transactions", () -> drainLast(engine));
    var grpc = wiring.grpcEdge(engine, topics);
    listen(grpc::start, "GrpcPort or GRPC_PORT", config.grpc().port());
    lifecycle.onClose("gRPC edge", () -> grpc.stop(patience().dividedBy(2)));
    var http = wiring.httpEdge(engine, topics);
    listen(http::start, "HttpPort or HTTP_PORT", config.http().port());
    lifecycle.onClose("HTTP edge", () -> http.stop(patience().dividedBy(2)));
    var announcer = wiring.announcer(engine, timer, http.port(), grpc.port());
    lifecycle.onClose("announcement of this node", announcer::close);
    announcer.start();
    lifecycle.onClose("work in hand", () -> comeToRest(http, grpc, engine));
    return new Edges(http, grpc);
  }

  private OpenStore openStore() {
    try {
      return OpenStore.open(config.store(), clock);
    } catch (StoreUnusable e) {
      throw new ServerStartFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private void listen(Runnable start, String keys, int port) {
    try {
      start.run();
    } catch (IllegalStateException e) {
      var why = e.getCause() == null ? "" : " " + e.getCause().getMessage();
      throw new ServerStartFailed(
          "port %d on %s cannot be listened on:%s (set %s, BindHost or BIND_HOST)"
              .formatted(port, config.http().bindHost(), why, keys),
          e);
    }
  }

  /** The port of the REST API, also when the configuration left the choice open. */
  public int httpPort() {
    return edges.http().port();
  }

  /** The port of the gRPC API, also when the configuration left the choice open. */
  public int grpcPort() {
    return edges.grpc().port();
  }

  /**
   * Takes nothing new, lets running work come to rest and hands over what does not, all within the
   * drain time-out, then closes everything.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      var limit = config.drainTimeout();
      var toClose = limit.dividedBy(CLOSING_SHARE);
      drainEnd =
          clock.instant().plus(limit).minus(toClose.compareTo(TO_CLOSE) < 0 ? toClose : TO_CLOSE);
      lifecycle.close();
    }
  }

  /**
   * The edges refuse from the first moment on, so that clients and balancers turn to other nodes,
   * while requests that wait for a transaction are still answered.
   */
  private void comeToRest(HttpEdge http, GrpcEdge grpc, Engine engine) {
    http.refuse();
    grpc.refuse();
    drain(engine, patience().multipliedBy(3).dividedBy(4));
  }

  /** What came in before the edges refused may have begun after the others had come to rest. */
  private void drainLast(Engine engine) {
    int running = drain(engine, patience());
    if (running > 0) {
      LOG.warn("{} transactions still worked on; they go on when their lease has ended", running);
    }
  }

  private static int drain(Engine engine, Duration limit) {
    try {
      return engine.drain(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while waiting for running transactions");
      return engine.running();
    }
  }

  private Duration patience() {
    var now = clock.instant();
    return now.isBefore(drainEnd) ? Duration.between(now, drainEnd) : Duration.ZERO;
  }
}
