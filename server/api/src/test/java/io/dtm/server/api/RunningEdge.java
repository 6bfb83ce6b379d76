package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.engine.Engine;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.EngineThreads;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.topics.Topics;
import io.dtm.testing.outage.InterruptibleStore;
import io.dtm.testing.time.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * The real edge on a free port, before the real engine over a store in memory; only participants
 * are played, and time stands still.
 */
final class RunningEdge implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final Duration REFRESH_INTERVAL = Duration.ofSeconds(3);
  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  final VirtualTime time = new VirtualTime(START);
  final HttpEdge edge;
  final Engine engine;
  final KeyValueStore keyValues;
  final Topics topics;

  private final InterruptibleStore store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<BranchCall> calls = new CopyOnWriteArrayList<>();
  private volatile Function<BranchCall, BranchResult> participant =
      call -> new BranchResult.Succeeded();

  RunningEdge() {
    this(config());
  }

  RunningEdge(HttpEdgeConfig config) {
    this(config, ByteBudget.unlimited(), ByteBudget.unlimited());
  }

  RunningEdge(HttpEdgeConfig config, ByteBudget requests, ByteBudget transactions) {
    var memory = new MemoryTransactionStore(time);
    keyValues = memory;
    topics = new Topics(memory, REFRESH_INTERVAL, time);
    store = InterruptibleStore.over(memory);
    engine =
        new Engine(
            EngineConfig.defaults(),
            "n1",
            store,
            this::call,
            topics,
            time,
            time,
            EngineThreads.over(threads),
            event -> {},
            transactions);
    engine.start();
    edge =
        new HttpEdge(
            config, engine.coordinator(), topics, keyValues, time, new Random(1), requests);
    edge.start();
  }

  static HttpEdgeConfig config() {
    return config(8_192, 100, 64);
  }

  static HttpEdgeConfig config(int bodyBytesMax, int stepsMax, int requestsMax) {
    return config(bodyBytesMax, stepsMax, requestsMax, HttpEdgeConfig.defaults().connectionsMax());
  }

  static HttpEdgeConfig config(
      int bodyBytesMax, int stepsMax, int requestsMax, int connectionsMax) {
    var defaults = HttpEdgeConfig.defaults();
    return new HttpEdgeConfig(
        0,
        "127.0.0.1",
        "1.2.3",
        defaults.zone(),
        defaults.timeoutToFail(),
        bodyBytesMax,
        stepsMax,
        10,
        connectionsMax,
        requestsMax,
        defaults.transferTimeout(),
        defaults.idleTimeout());
  }

  int port() {
    return edge.port();
  }

  private BranchResult call(BranchCall call) {
    calls.add(call);
    return participant.apply(call);
  }

  /** What participants were called with, in the order of the calls. */
  List<BranchCall> calls() {
    return calls;
  }

  /** How participants answer from now on. */
  void participant(Function<BranchCall, BranchResult> answer) {
    participant = answer;
  }

  /** What every use of the store throws from now on. */
  void storeThrows(RuntimeException trouble) {
    store.interrupt(trouble);
  }

  HttpResponse<String> post(String path, String json) {
    return exchange("POST", path, json);
  }

  HttpResponse<String> get(String pathAndQuery) {
    return exchange("GET", pathAndQuery, "");
  }

  HttpResponse<String> exchange(String method, String pathAndQuery, String body) {
    return exchange(request(method, pathAndQuery, body).build());
  }

  HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpRequest.Builder request(String method, String pathAndQuery, String body) {
    var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    return HttpRequest.newBuilder(uri(pathAndQuery)).method(method, publisher).timeout(PATIENCE);
  }

  URI uri(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
  }

  List<GlobalTransaction> stored() {
    return store.list(TransactionFilter.all(), "", 1_000).transactions();
  }

  GlobalTransaction stored(String gid) {
    return store.find(new Gid(gid)).orElseThrow();
  }

  void awaitQuiet() {
    try {
      assertThat(engine.awaitQuiet(PATIENCE)).as("engine at rest").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.resume();
    edge.stop(Duration.ZERO);
    engine.close();
    threads.shutdownNow();
    http.shutdownNow();
  }
}
