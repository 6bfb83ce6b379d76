package io.dtm.testing.embedded;

import io.dtm.server.branch.BoundedHttpClient;
import io.dtm.server.branch.BranchCallers;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.HttpBranchCaller;
import io.dtm.server.branch.JsonRpcBranchCaller;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.testing.time.VirtualTime;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

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
 * <p>It can {@link #crash} and be {@linkplain #restart restarted}: what was stored outlives that.
 *
 * <p>Thread-safe; one thread at a time may move the time or restart it.
 */
public final class EmbeddedServer implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
  private static final int PAGE = 1_000;

  private final VirtualTime time = new VirtualTime(START);
  private final MemoryTransactionStore store = new MemoryTransactionStore(time);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BoundedHttpClient http = BoundedHttpClient.create();
  private final ServerLife.Parts parts;
  private volatile ServerLife life;
  private int lives;

  private EmbeddedServer(
      EngineConfig config, DestinationLimits limits, UnaryOperator<BranchCaller> around) {
    var callers =
        BranchCallers.over(
            new HttpBranchCaller(http), new JsonRpcBranchCaller(http, new SecureRandom()));
    parts = new ServerLife.Parts(config, limits, store, time, threads, callers, around);
    life = new ServerLife(parts, lives, 0);
  }

  /** Starts a server with the default rules of time. */
  public static EmbeddedServer start() {
    return start(EngineConfig.defaults());
  }

  public static EmbeddedServer start(EngineConfig config) {
    return start(config, DestinationLimits.defaults());
  }

  public static EmbeddedServer start(EngineConfig config, DestinationLimits limits) {
    return start(config, limits, UnaryOperator.identity());
  }

  /**
   * Starts a server whose calls take a way of the test's choice.
   *
   * @param around put around the caller of participants, once for each life of the server: may
   *     answer in their place
   */
  public static EmbeddedServer start(
      EngineConfig config, DestinationLimits limits, UnaryOperator<BranchCaller> around) {
    var server = new EmbeddedServer(config, limits, around);
    server.http.start();
    server.life.start();
    return server;
  }

  /** Where the server listens, such as {@code http://127.0.0.1:40123}; the same in every life. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + life.port());
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
      if (!life.awaitQuiet(SETTLE_LIMIT)) {
        throw new IllegalStateException("passes still run after " + SETTLE_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while passes run", e);
    }
  }

  /**
   * Has the server crash, here and now: it writes and calls nothing more, and answers requests with
   * 503. What it had stored stays. Any thread may ask, also one on which it calls a participant.
   */
  public void crash() {
    life.cut();
  }

  /** Whether it has crashed and was not restarted. */
  public boolean isDown() {
    return life.isCut();
  }

  /**
   * Starts it again over what it had stored, at the same address. What the crashed one was working
   * on is taken up once its lease of 10 seconds is over. A server that runs is made to crash first.
   */
  public void restart() {
    int port = life.port();
    life.cut();
    settle();
    life.end();
    lives++;
    life = new ServerLife(parts, lives, port);
    life.start();
  }

  /** A transaction as it is stored. */
  public Optional<GlobalTransaction> find(String gid) {
    return store.find(new Gid(gid));
  }

  /** All that have not ended. */
  public List<GlobalTransaction> unfinished() {
    var found = new ArrayList<GlobalTransaction>();
    var position = "";
    do {
      var page = store.list(TransactionFilter.all(), position, PAGE);
      page.transactions().stream().filter(one -> !one.status().isFinal()).forEach(found::add);
      position = page.nextPosition();
    } while (!position.isEmpty());
    return found;
  }

  @Override
  public void close() {
    life.end();
    threads.shutdownNow();
    http.close();
    store.close();
  }
}
