package io.dtm.testing.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.EngineConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One participant that hangs, is away, and comes back; the server's time is moved by the test. */
@Timeout(120)
class DestinationTest {
  private static final int WAITING = 1_200;

  /** Calls take real time, however long a busy machine needs for them. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

  private static final EngineConfig CONFIG = config(EngineConfig.defaults());

  private static EngineConfig config(EngineConfig defaults) {
    return new EngineConfig(
        defaults.retryInterval(),
        defaults.retryIntervalMax(),
        defaults.timeoutToFail(),
        REQUEST_TIMEOUT,
        defaults.lease(),
        defaults.pollInterval(),
        defaults.lazyWriteDelay(),
        defaults.submissionsMax(),
        defaults.retriesMax(),
        defaults.pendingWritesMax(),
        defaults.writeBatchMax(),
        defaults.writers(),
        defaults.retention());
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore arrived = new Semaphore(0);
  private final CountDownLatch release = new CountDownLatch(1);

  /**
   * Has the port, so that it is nobody's, and accepts nothing. A port that were merely free could
   * become the near end of one of our own connections to it, which then is answered by itself.
   */
  private final Socket reserved = new Socket();

  private int port;
  private @Nullable HttpServer participant;

  /** A call as the participant saw it: when, in the server's time, and how many ran with it. */
  private record Seen(Instant at, int atOnce) {}

  /** Nobody listens there until {@link #listen}. */
  @BeforeEach
  void reservePort() throws IOException {
    reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    port = reserved.getLocalPort();
  }

  private void listen(HttpHandler handler) throws IOException {
    reserved.close();
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
    server.createContext("/", handler);
    server.setExecutor(threads);
    server.start();
    participant = server;
  }

  @AfterEach
  void stop() throws IOException {
    reserved.close();
    release.countDown();
    if (participant != null) {
      participant.stop(0);
    }
    threads.shutdownNow();
  }

  @Test
  void aCallThatWaitsForAPlaceIsNotMadeAfterAForceStop() throws Exception {
    listen(exchange -> {
      arrived.release();
      awaitRelease();
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    var limits = new DestinationLimits(1, 10, 10, 0, Duration.ofSeconds(1), 10);
    try (var server = EmbeddedServer.start(CONFIG, limits)) {
      submit(server, "has-the-place");
      assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      submit(server, "waits");

      post(server.baseUrl().resolve("/api/dtmsvr/forceStop"), "{\"gid\":\"waits\"}");
      assertThat(statusOf(server, "waits")).isEqualTo(TransactionStatus.FAILED);
      release.countDown();
      server.settle();

      assertThat(statusOf(server, "has-the-place")).isEqualTo(TransactionStatus.SUCCEEDED);
      assertThat(arrived.availablePermits()).as("further calls").isZero();
    }
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoWaitsForAServiceResumesWithinTwoSecondsOfItsReturn() throws Exception {
    try (var server = EmbeddedServer.start(CONFIG)) {
      for (int i = 0; i < WAITING; i++) {
        submit(server, "g" + i);
      }
      server.advance(Duration.ofSeconds(70));

      var seen = comeBack(server);
      var back = server.now();
      server.advance(Duration.ofSeconds(2));
      assertThat(seen).isNotEmpty();
      server.advance(Duration.ofSeconds(8));

      var calls = seen.values().stream().flatMap(Queue::stream).toList();
      assertThat(IntStream.range(0, WAITING))
          .as("within 10 s")
          .allMatch(i -> statusOf(server, "g" + i) == TransactionStatus.SUCCEEDED);
      assertThat(calls).as("none called twice").hasSize(WAITING);
      var first = calls.stream().map(Seen::at).min(Instant::compareTo).orElseThrow();
      assertThat(first).isBetween(back, back.plusSeconds(2));
      assertThat(calls)
          .allMatch(call -> call.atOnce() <= rampedTo(Duration.between(first, call.at())));
    }
  }

  /** 4, doubled every 200 ms, up to 256. */
  private static int rampedTo(Duration sinceReturn) {
    return (int) Math.min(256, 4L << Math.min(10, sinceReturn.toMillis() / 200));
  }

  private Map<String, Queue<Seen>> comeBack(EmbeddedServer server) throws IOException {
    var seen = new ConcurrentHashMap<String, Queue<Seen>>();
    var running = new AtomicInteger();
    listen(exchange -> {
      int atOnce = running.incrementAndGet();
      seen.computeIfAbsent(
              exchange.getRequestURI().getQuery(), gid -> new ConcurrentLinkedQueue<>())
          .add(new Seen(server.now(), atOnce));
      running.decrementAndGet();
      // This server closes idle connections beyond 200, which crosses with calls.
      exchange.getResponseHeaders().set("Connection", "close");
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    return seen;
  }

  private static TransactionStatus statusOf(EmbeddedServer server, String gid) {
    return server.find(gid).orElseThrow().status();
  }

  private void submit(EmbeddedServer server, String gid) throws Exception {
    var url = "http://127.0.0.1:" + port;
    var body =
        """
        {"gid":"%s","trans_type":"saga","payloads":["{}"],"steps":[{"action":"%s/do","compensate":"%s/undo"}]}\
        """
            .formatted(gid, url, url);
    post(server.baseUrl().resolve("/api/dtmsvr/submit"), body);
  }

  private void post(URI uri, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    var reply = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }
}
