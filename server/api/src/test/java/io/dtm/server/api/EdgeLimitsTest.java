package io.dtm.server.api;

import static io.dtm.server.api.SagaBody.saga;
import static io.dtm.server.api.SagaBody.waitedSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchResult;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EdgeLimitsTest {
  private static final int BODY_BYTES_MAX = 8_192;
  private static final String TOO_LONG =
      "{\"message\":\"body: too long (expected: at most 8192 bytes, see MaxBodyBytes / MAX_BODY_BYTES)\"}";

  private RunningEdge edge = new RunningEdge(RunningEdge.config(BODY_BYTES_MAX, 10_000, 2));

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void takesABodyOfExactlyTheLimit() {
    var answer = edge.post("/api/dtmsvr/submit", padded(BODY_BYTES_MAX));

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void refusesALongerBodyAndGoesOnWithTheConnection() {
    try (var connection = new RawConnection(edge.port())) {
      for (int length : new int[] {BODY_BYTES_MAX + 1, 2 * BODY_BYTES_MAX}) {
        var answer =
            connection
                .sendPost(
                    "/api/dtmsvr/submit", "Content-Length: " + length + "\r\n", padded(length))
                .read();

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo(TOO_LONG);
      }
      assertThat(pinged(connection)).isTrue();
    }
    assertThat(edge.stored()).isEmpty();
  }

  @Test
  void refusesABodyOfAnyDeclaredLength() {
    for (var length : new String[] {"16385", "99999999999", "9223372036854775807"}) {
      try (var connection = new RawConnection(edge.port())) {
        var answer =
            connection
                .sendPost("/api/dtmsvr/submit", "Content-Length: " + length + "\r\n", "")
                .read();

        assertThat(answer.status()).as(length).isEqualTo(413);
        assertThat(answer.body()).isEqualTo(TOO_LONG);
        assertThat(answer.headers()).containsEntry("connection", "close");
      }
    }
    assertThat(edge.get("/api/ping").statusCode()).isEqualTo(200);
  }

  @Test
  void takesAChunkedBody() {
    var body = padded(BODY_BYTES_MAX).getBytes(StandardCharsets.UTF_8);
    var request =
        edge.request("POST", "/api/dtmsvr/submit", "")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
            .build();

    assertThat(edge.exchange(request).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesALongChunkedBodyAndGoesOnWithTheConnection() {
    try (var connection = new RawConnection(edge.port())) {
      var chunk = "400\r\n" + " ".repeat(0x400) + "\r\n";
      var answer =
          connection
              .sendPost(
                  "/api/dtmsvr/submit",
                  "Transfer-Encoding: chunked\r\n",
                  chunk.repeat(9) + "0\r\n\r\n")
              .read();

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo(TOO_LONG);
      assertThat(pinged(connection)).isTrue();
    }
  }

  @Test
  void cutsOffAChunkedBodyWithoutEnd() {
    try (var connection = new RawConnection(edge.port())) {
      connection.sendPost("/api/dtmsvr/submit", "Transfer-Encoding: chunked\r\n", "");
      var chunk = "400\r\n" + " ".repeat(0x400) + "\r\n";
      var answer = connection.send(chunk.repeat(16)).send("7fffffff\r\n").read();

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo(TOO_LONG);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void answersAnExpectationBeforeTheBodyIsSent() {
    var body = saga("g1", 1);
    try (var connection = new RawConnection(edge.port())) {
      var headers = "Expect: 100-continue\r\nContent-Length: %d\r\n";
      var go =
          connection.sendPost("/api/dtmsvr/submit", headers.formatted(body.length()), "").read();
      var accepted = connection.send(body).read();
      var tooLong =
          connection
              .sendPost("/api/dtmsvr/submit", headers.formatted(BODY_BYTES_MAX + 1), "")
              .read();

      assertThat(go.status()).isEqualTo(100);
      assertThat(accepted.status()).isEqualTo(200);
      assertThat(tooLong.status()).isEqualTo(413);
      assertThat(pinged(connection)).isTrue();
    }
  }

  @Test
  void answersWhatIsNoHttpInTheUsualShape() {
    for (var nonsense :
        new String[] {
          "GET /api/dtmsvr/query?gid=%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
          "POST /api/dtmsvr/submit HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
          "POST /api/dtmsvr/submit HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "GET /api/dtmsvr/version HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
          "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: h\r\n\r\n",
          "GET /api/dtmsvr/query?gid=%00 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        }) {
      try (var connection = new RawConnection(edge.port())) {
        var answer = connection.send(nonsense).read();

        assertThat(answer.status()).as(nonsense).isBetween(400, 499);
        assertThat(answer.body()).startsWith("{\"message\":\"");
        assertThat(connection.isClosedByServer()).isTrue();
      }
    }
  }

  @Test
  void closesTheConnectionWhenTheClientAsksForIt() {
    try (var connection = new RawConnection(edge.port())) {
      var answer =
          connection
              .sendPost("/api/ping", "Connection: close\r\nContent-Length: 2\r\n", "{}")
              .read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void answersAHostNameWithUnderscore() {
    try (var connection = new RawConnection(edge.port())) {
      var answer = connection.send("GET /api/ping HTTP/1.1\r\nHost: my_dtm:36789\r\n\r\n").read();

      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void cutsOffAClientThatDribblesItsRequest() {
    try (var inHeaders = new RawConnection(edge.port());
        var inBody = new RawConnection(edge.port())) {
      inHeaders.send("POST /api/dtmsvr/submit HTTP/1.1\r\nHost: h\r\nX-A: ");
      inBody.sendPost("/api/dtmsvr/submit", "Content-Length: 100\r\n", "{");
      // one more answered request on the way shows that both have come in before
      assertThat(edge.get("/api/ping").statusCode()).isEqualTo(200);

      boolean headersCut = false;
      boolean bodyCut = false;
      for (int i = 0; i < 10 && !(headersCut && bodyCut); i++) {
        edge.time.advance(Duration.ofSeconds(31), () -> {});
        headersCut = headersCut || inHeaders.isClosedByServer();
        bodyCut = bodyCut || inBody.isClosedByServer();
      }

      assertThat(headersCut).isTrue();
      assertThat(bodyCut).isTrue();
      assertThat(edge.get("/api/ping").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void servesOthersWhileManyDribble() {
    var slow = Stream.generate(() -> new RawConnection(edge.port())).limit(200);
    var connections = slow.toList();
    try {
      connections.forEach(
          c -> c.sendPost("/api/dtmsvr/submit", "Content-Length: 8000\r\n", "{\"gid\":"));

      assertThat(edge.get("/api/ping").statusCode()).isEqualTo(200);
      assertThat(edge.post("/api/dtmsvr/submit", saga("g1", 1)).statusCode()).isEqualTo(200);
    } finally {
      connections.forEach(RawConnection::close);
    }
  }

  @Test
  void refusesRequestsBeyondItsLimitButAnswersPing() throws Exception {
    var called = new CountDownLatch(2);
    var goOn = new CountDownLatch(1);
    edge.participant(call -> {
      called.countDown();
      await(goOn);
      return new BranchResult.Succeeded();
    });
    var first =
        inBackground(() -> edge.post("/api/dtmsvr/submit", waitedSaga("g1", 1)).statusCode());
    var second =
        inBackground(() -> edge.post("/api/dtmsvr/submit", waitedSaga("g2", 1)).statusCode());
    await(called);

    var refused = edge.post("/api/dtmsvr/submit", saga("g3", 1));
    var ping = edge.get("/api/ping");
    goOn.countDown();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.body()).contains("overloaded", "MaxConcurrentRequests");
    assertThat(ping.statusCode()).isEqualTo(200);
    assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(200);
    assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(200);
    assertThat(edge.stored()).hasSize(2);
  }

  @Test
  void finishesRequestsInWorkWhenStopped() throws Exception {
    var called = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    edge.participant(call -> {
      called.countDown();
      await(goOn);
      return new BranchResult.Succeeded();
    });
    var waiting =
        inBackground(() -> edge.post("/api/dtmsvr/submit", waitedSaga("g1", 1)).statusCode());
    await(called);

    var stopped =
        inBackground(() -> {
          edge.edge.stop(RunningEdge.PATIENCE);
          return 0;
        });
    int refused = 200;
    while (refused == 200) {
      refused = edge.get("/api/dtmsvr/version").statusCode();
    }
    assertThatThrownBy(() -> stopped.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    goOn.countDown();

    assertThat(refused).isEqualTo(503);
    assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo(200);
    assertThat(stopped.get(60, TimeUnit.SECONDS)).isZero();
    assertThatThrownBy(() -> new RawConnection(edge.port())).isNotNull();
  }

  @Test
  void namesThePortThatItCannotHave() {
    var defaults = HttpEdgeConfig.defaults();
    var taken =
        new HttpEdgeConfig(
            edge.port(),
            "127.0.0.1",
            "1",
            defaults.zone(),
            defaults.timeoutToFail(),
            1,
            1,
            1,
            1,
            1,
            defaults.transferTimeout(),
            defaults.idleTimeout());

    assertThatThrownBy(() -> new RunningEdge(taken))
        .hasMessageContaining("HttpPort: 127.0.0.1:" + edge.port());
  }

  private static boolean pinged(RawConnection connection) {
    var answer = connection.send("GET /api/ping HTTP/1.1\r\nHost: h\r\n\r\n").read();
    return answer.status() == 200 && answer.body().equals("{\"msg\":\"pong\"}");
  }

  private static String padded(int length) {
    var body = saga("g1", 1);
    return body + " ".repeat(length - body.length());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<Integer> inBackground(Supplier<Integer> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
  }
}
