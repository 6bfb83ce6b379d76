package io.dtm.server.api;

import static io.dtm.server.api.SagaBody.saga;
import static io.dtm.server.api.SagaBody.waitedSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.ByteBudget;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the edge does when there is no room: for bytes, or for connections. */
class EdgeRoomTest {
  private static final int BODY_BYTES_MAX = 1_000_000;
  private static final int CONNECTIONS_MAX = 8;
  private static final int PINGS_MAX = 10;

  private final ByteBudget requests = new ByteBudget(256 * 1024);
  private final ByteBudget transactions = new ByteBudget(256 * 1024);
  private final RunningEdge edge =
      new RunningEdge(
          RunningEdge.config(BODY_BYTES_MAX, 10_000, 64, CONNECTIONS_MAX), requests, transactions);

  @AfterEach
  void stop() {
    edge.close();
  }

  /** A request gives back what it held just after its answer has gone out. */
  private static void awaitNoneTaken(ByteBudget budget) {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (budget.taken() > 0) {
      assertThat(System.nanoTime()).as("%d bytes taken", budget.taken()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void assertTurnedAway(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body()).contains("overloaded");
  }

  @Test
  void refusesALargeBodyWhileThereIsNoRoomAndTakesSmallOnes() {
    var share = requests.open();
    share.force(128 * 1024);

    var refused = edge.post("/api/dtmsvr/submit", padded("large", 200_000));
    var small = edge.post("/api/dtmsvr/submit", saga("small", 1));
    share.close();
    var taken = edge.post("/api/dtmsvr/submit", padded("large", 200_000));

    assertTurnedAway(refused);
    assertThat(refused.body()).contains("MaxBytesInWork");
    assertThat(small.statusCode()).isEqualTo(200);
    assertThat(taken.statusCode()).isEqualTo(200);
    edge.awaitQuiet();
    awaitNoneTaken(requests);
    awaitNoneTaken(transactions);
  }

  @Test
  void goesOnWithTheConnectionAfterABodyWithoutRoom() {
    var share = requests.open();
    share.force(128 * 1024);
    try (var connection = new RawConnection(edge.port())) {
      var body = padded("g1", 200_000);

      var answer =
          connection
              .sendPost("/api/dtmsvr/submit", "Content-Length: " + body.length() + "\r\n", body)
              .read();
      var ping = connection.send("GET /api/ping HTTP/1.1\r\nHost: h\r\n\r\n").read();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(ping.status()).isEqualTo(200);
    } finally {
      share.close();
    }
    assertThat(edge.stored()).isEmpty();
  }

  @Test
  void refusesATransactionThatHasNoRoomAndStoresNothing() {
    var halves = List.of(transactions.open(), transactions.open());
    halves.forEach(half -> half.force(128 * 1024));

    var submitted = edge.post("/api/dtmsvr/submit", waitedSaga("g1", 1));
    var prepared = edge.post("/api/dtmsvr/prepare", "{\"gid\":\"g2\",\"trans_type\":\"tcc\"}");
    halves.forEach(ByteBudget.Share::close);

    assertTurnedAway(submitted);
    assertTurnedAway(prepared);
    assertThat(edge.stored()).isEmpty();
    assertThat(edge.calls()).isEmpty();
  }

  @Test
  void refusesAnAnswerThatHasNoRoom() {
    var padding = "x".repeat(60_000);
    assertThat(
            edge.post(
                    "/api/dtmsvr/submit",
                    saga("g1", 1).replace("\"payloads\":[\"", "\"payloads\":[\"" + padding))
                .statusCode())
        .isEqualTo(200);
    edge.awaitQuiet();
    var share = requests.open();
    share.force(128 * 1024);

    var refused = edge.get("/api/dtmsvr/query?gid=g1");
    share.close();
    var answered = edge.get("/api/dtmsvr/query?gid=g1");

    assertTurnedAway(refused);
    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(answered.body().length()).isGreaterThan(60_000);
  }

  @Test
  void nobodyIsLockedOutByIdleConnections() {
    var idle = new ArrayList<RawConnection>();
    try {
      for (int i = 0; i < 300; i++) {
        var connection = new RawConnection(edge.port());
        idle.add(i % 3 == 0 ? connection.send("GET /api/ping HT") : connection);
        if (i % 10 == 0) {
          assertThat(pinged()).isEqualTo(200);
        }
      }
      assertThat(idle.getFirst().isClosedByServer()).isTrue();
    } finally {
      idle.forEach(RawConnection::close);
    }
  }

  /**
   * Asks again, as clients do, when its connection was closed before the request had begun on it:
   * to those who came after it, it was one of the idle ones.
   */
  private int pinged() {
    for (int i = 1; ; i++) {
      try {
        return edge.get("/api/ping").statusCode();
      } catch (UncheckedIOException e) {
        if (i == PINGS_MAX) {
          throw e;
        }
      }
    }
  }

  private static String padded(String gid, int length) {
    var body = saga(gid, 1);
    return body + " ".repeat(length - body.length());
  }
}
