package io.dtm.testing.embedded;

import io.dtm.server.api.HttpEdge;
import io.dtm.server.api.HttpEdgeConfig;
import io.dtm.server.branch.BoundedHttpClient;
import io.dtm.server.branch.BranchCallers;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.HttpBranchCaller;
import io.dtm.server.branch.JsonRpcBranchCaller;
import io.dtm.server.branch.LimitedBranchCaller;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.engine.Engine;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.EngineThreads;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.topics.Topics;
import io.dtm.testing.time.VirtualTime;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A whole server for one test: the real edge, engine and callers over the in-memory store. Its time
 * stands still until {@link #advance} moves it, so that retries, time-outs and delays happen when
 * the test says so, at once and in a fixed order. Calls of participants are real and take real
 * time.
 *
 * <pre>{@code
 * try (var server = EmbeddedServer.start()) {
 *   var client = TransactionClient.of(server.baseUrl());
 *   ... submit a saga whose participant answers 500 ...
 *   server.advance(Duration.ofSeconds(20)); // the retry is made, and is over when this returns
 * }
 * }</pre>
 *
 * <p>Thread-safe; one thread at a time may move the time.
 */
public final class EmbeddedServer implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  private final VirtualTime time = new VirtualTime(START);
  private final MemoryTransactionStore store = new MemoryTransactionStore(time);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BoundedHttpClient http;
  private final Engine engine;
  private final HttpEdge edge;

  private EmbeddedServer(EngineConfig config, DestinationLimits limits) {
    http = BoundedHttpClient.create();
    var topics = new Topics(store, Duration.ZERO, time);
    var callers =
        BranchCallers.over(
            new HttpBranchCaller(http), new JsonRpcBranchCaller(http, new SecureRandom()));
    var limited = new LimitedBranchCaller(callers, limits, time, time, Runnable::run, event -> {});
    engine =
        new Engine(
            config,
            "embedded",
            store,
            limited,
            topics,
            time,
            time,
            EngineThreads.over(threads),
            event -> {});
    limited.start(engine);
    edge =
        new HttpEdge(
            freePort(),
            engine.coordinator(),
            topics,
            store,
            InstantSource.system(),
            new SecureRandom());
  }

  private static HttpEdgeConfig freePort() {
    var defaults = HttpEdgeConfig.defaults();
    return new HttpEdgeConfig(
        0,
        "127.0.0.1",
        defaults.version(),
        defaults.zone(),
        defaults.timeoutToFail(),
        defaults.bodyBytesMax(),
        defaults.stepsMax(),
        defaults.listMax(),
        defaults.connectionsMax(),
        defaults.requestsMax(),
        defaults.transferTimeout(),
        defaults.idleTimeout());
  }

  /** Starts a server with the default rules of time. */
  public static EmbeddedServer start() {
    return start(EngineConfig.defaults());
  }

  public static EmbeddedServer start(EngineConfig config) {
    return start(config, DestinationLimits.defaults());
  }

  public static EmbeddedServer start(EngineConfig config, DestinationLimits limits) {
    var server = new EmbeddedServer(config, limits);
    server.http.start();
    server.engine.start();
    server.edge.start();
    return server;
  }

  /** Where the server listens, such as {@code http://127.0.0.1:40123}. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + edge.port());
  }

  /** The server's time. */
  public Instant now() {
    return time.instant();
  }

  /**
   * Moves the server's time on. Whatever falls due on the way happens in the order of its due
   * times, and is over when this returns.
   *
   * @throws IllegalStateException when a pass does not come to rest within a minute of real time
   */
  public void advance(Duration duration) {
    time.advance(duration, this::settle);
  }

  /** Waits until all that was submitted and is due has come to rest, without moving the time. */
  public void settle() {
    try {
      if (!engine.awaitQuiet(SETTLE_LIMIT)) {
        throw new IllegalStateException("passes still run after " + SETTLE_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while passes run", e);
    }
  }

  /** A transaction as it is stored. */
  public Optional<GlobalTransaction> find(String gid) {
    return store.find(new Gid(gid));
  }

  @Override
  public void close() {
    edge.stop(STOP_LIMIT);
    engine.close();
    threads.shutdownNow();
    http.close();
    store.close();
  }
}
