package io.dtm.server.app;

import io.dtm.server.api.HttpEdge;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.engine.Engine;
import io.dtm.server.store.rocksdb.StoreFolderInUse;
import io.dtm.server.store.rocksdb.StoreFolderUnusable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server. Starts completely or not at all. Thread-safe. */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final ServerConfig config;
  private final InstantSource clock;
  private final Lifecycle lifecycle;
  private final HttpEdge http;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Server(ServerConfig config, InstantSource clock, Lifecycle lifecycle) {
    this.config = config;
    this.clock = clock;
    this.lifecycle = lifecycle;
    this.http = open();
  }

  /**
   * Starts a server and returns once it answers.
   *
   * @throws ServerStartFailed when a port, a folder or the store cannot be had
   */
  public static Server start(ServerConfig config) {
    var lifecycle = new Lifecycle();
    try {
      return new Server(config, InstantSource.system(), lifecycle);
    } catch (RuntimeException e) {
      lifecycle.close();
      throw e;
    }
  }

  private HttpEdge open() {
    var wiring = new Wiring(config, clock);

    var stores = openStores(wiring);
    lifecycle.onClose("store", stores.transactions()::close);
    var timer = wiring.timer();
    lifecycle.onClose("timer", timer::close);
    var client = wiring.httpClient();
    lifecycle.onClose("HTTP client", client::close);
    client.start();
    var alerts = wiring.alerts(client);
    lifecycle.onClose("alert webhook", alerts::close);
    alerts.start();
    var engine = wiring.engine(stores, client, timer, alerts);
    engine.start();
    lifecycle.onClose("engine", engine::close);
    var edge = wiring.httpEdge(stores, engine);
    listen(edge);
    lifecycle.onClose("HTTP edge", () -> drain(edge, engine));
    return edge;
  }

  private static Wiring.Stores openStores(Wiring wiring) {
    try {
      return wiring.stores();
    } catch (StoreFolderInUse | StoreFolderUnusable | StoreUnavailable e) {
      throw new ServerStartFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private void listen(HttpEdge edge) {
    try {
      edge.start();
    } catch (IllegalStateException e) {
      var why = e.getCause() == null ? "" : " " + e.getCause().getMessage();
      throw new ServerStartFailed(
          "port %d on %s cannot be listened on:%s (set HttpPort or HTTP_PORT, BindHost or BIND_HOST)"
              .formatted(config.http().port(), config.http().bindHost(), why),
          e);
    }
  }

  /** The port of the REST API, also when the configuration left the choice open. */
  public int httpPort() {
    return http.port();
  }

  /**
   * Takes nothing new, lets running work come to rest within the drain time-out, then closes
   * everything.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      lifecycle.close();
    }
  }

  private void drain(HttpEdge edge, Engine engine) {
    var end = clock.instant().plus(config.drainTimeout());
    edge.stop(config.drainTimeout());
    try {
      int running = engine.drain(until(end));
      if (running > 0) {
        LOG.warn("{} transactions still worked on; they go on after the next start", running);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while waiting for running transactions");
    }
  }

  private Duration until(Instant end) {
    var left = Duration.between(clock.instant(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
