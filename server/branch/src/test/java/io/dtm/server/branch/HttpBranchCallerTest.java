package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.aCall;
import static io.dtm.server.branch.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.branch.RawPeer.Behaviour;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.BranchResult.Ongoing;
import io.dtm.server.core.BranchResult.Refused;
import io.dtm.server.core.BranchResult.Succeeded;
import io.dtm.server.core.BranchResult.Unclear;
import io.dtm.server.core.TransactionMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpBranchCallerTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final BranchResult NO_ANSWER =
      new Unclear("no whole answer within 300 ms", Availability.UNAVAILABLE);
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final Behaviour SAYS_YES =
      connection -> {
        while (connection.readRequest()) {
          connection.answer(200, "{\"dtm_result\":\"SUCCESS\"}");
        }
      };

  private final BoundedHttpClient client =
      new BoundedHttpClient("dtm-java/1.2.3", ProxyRules.none());
  private final HttpBranchCaller caller = new HttpBranchCaller(client);
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(client));

  @AfterEach
  void closeEverything() throws Exception {
    for (var closeable : opened) {
      closeable.close();
    }
  }

  private RawPeer peer(Behaviour behaviour) {
    var peer = new RawPeer(behaviour);
    opened.add(peer);
    return peer;
  }

  private BranchResult callOnVirtualThread(BranchCall call) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.submit(() -> caller.call(call)).get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void postsThePayloadWordForWord() throws Exception {
    var peer = peer(SAYS_YES);
    var payload = "{ \"amount\" : 30,\n \"text\":\"x\" }";

    var result = callOnVirtualThread(aCall(peer.url("/debit"), payload));

    assertThat(result).isEqualTo(new Succeeded());
    var host = peer.url("").substring("http://".length());
    assertThat(peer.requests())
        .containsExactly(
            """
            POST /debit?branch_id=01&gid=gid-1&op=action&trans_type=saga HTTP/1.1\r
            Content-Type: application/json\r
            Accept: application/json\r
            User-Agent: dtm-java/1.2.3\r
            Accept-Encoding: gzip\r
            Host: %s\r
            Content-Length: %d\r
            Connection: keep-alive\r
            \r
            %s\
            """
                .formatted(host, payload.length(), payload));
  }

  @Test
  void getsWithoutBodyWhenThePayloadIsEmpty() throws Exception {
    var peer = peer(SAYS_YES);

    callOnVirtualThread(aCall(peer.url("/debit?shop=7"), ""));

    assertThat(peer.requests())
        .singleElement()
        .asString()
        .startsWith("GET /debit?shop=7&branch_id=01&gid=gid-1&op=action&trans_type=saga HTTP/1.1")
        .contains("Content-Type: application/json")
        .doesNotContain("Content-Length")
        .doesNotContain("Transfer-Encoding")
        .endsWith("\r\n\r\n");
  }

  @Test
  void postsAnEmptyChunkedBodyForXaWithoutPayload() throws Exception {
    var peer = peer(SAYS_YES);

    callOnVirtualThread(aCall(peer.url("/xa"), "", TransactionMode.XA, Map.of(), LONG));

    assertThat(peer.requests())
        .singleElement()
        .asString()
        .startsWith("POST /xa?")
        .contains("Transfer-Encoding: chunked")
        .endsWith("\r\n\r\n0\r\n\r\n");
  }

  @Test
  void branchHeadersOverrideOurs() throws Exception {
    var peer = peer(SAYS_YES);
    var headers = Map.of("content-type", "text/plain", "X-Tenant", "blue", "Content-Length", "7");

    var result =
        callOnVirtualThread(
            aCall(peer.url("/debit"), "hello", TransactionMode.SAGA, headers, LONG));

    assertThat(result).isEqualTo(new Succeeded());
    assertThat(peer.requests())
        .singleElement()
        .asString()
        .contains("content-type: text/plain", "X-Tenant: blue", "Content-Length: 5")
        .doesNotContain("Content-Type: application/json", "Content-Length: 7");
  }

  @Test
  void refusesHeadersThatWouldSmuggleAnotherRequest() throws Exception {
    var peer = peer(SAYS_YES);
    var headers = Map.of("X-Tenant", "blue\r\nX-Admin: yes");

    var result =
        callOnVirtualThread(
            aCall(peer.url("/debit"), "hello", TransactionMode.SAGA, headers, LONG));

    assertThat(result)
        .isEqualTo(
            new Unclear("branch header X-Tenant: contains a control character (expected: none)"));
    assertThat(peer.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "200, {}, succeeded",
    "200, '', succeeded",
    "200, success, succeeded",
    "200, a FAILURE here, refused",
    "200, an ONGOING here, ongoing",
    "200, FAILURE and ONGOING, ongoing",
    "425, '', ongoing",
    "425, FAILURE, ongoing",
    "409, '', refused",
    "409, no money, refused",
    "409, ONGOING, ongoing",
    "500, FAILURE, refused",
    "500, ONGOING, ongoing",
    "500, oops, unclear",
    "201, {}, unclear",
    "202, {}, unclear",
    "204, '', unclear",
    "304, '', unclear",
    "404, not found, unclear",
    "429, slow down, unclear",
    "503, '', unclear",
    "200, failure, succeeded",
  })
  void readsTheAnswerByTheTable(int status, String body, String expected) throws Exception {
    var peer =
        peer(connection -> {
          while (connection.readRequest()) {
            if (status == 204 || status == 304) {
              connection.send("HTTP/1.1 %d X\r\n\r\n".formatted(status));
            } else {
              connection.answer(status, body);
            }
          }
        });

    var result = callOnVirtualThread(aCall(peer.url("/debit")));

    assertThat(result)
        .isEqualTo(
            switch (expected) {
              case "succeeded" -> new Succeeded();
              case "refused" -> new Refused(body);
              case "ongoing" -> new Ongoing();
              default ->
                  new Unclear(
                      "HTTP %d: %s".formatted(status, body),
                      List.of(502, 503, 504).contains(status)
                          ? Availability.UNAVAILABLE
                          : Availability.ANSWERED);
            });
  }

  @Test
  void aParticipantThatSaysNothingIsUnclearAfterTheTimeout() throws Exception {
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.hang();
        });

    var result = callOnVirtualThread(within(aCall(peer.url("/debit")), SHORT));

    assertThat(result).isEqualTo(NO_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "body", "chunks"})
  void aParticipantThatDripsBytesCannotExceedTheTimeout(String part) throws Exception {
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.send(
              switch (part) {
                case "head" -> "HTTP/1.1 200 OK\r\nX-Drip: ";
                case "body" -> "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
                default -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
              });
          var pace = new CountDownLatch(1);
          while (!pace.await(20, TimeUnit.MILLISECONDS)) {
            connection.send(part.equals("chunks") ? "1\r\nx\r\n" : "x");
          }
        });

    var result = callOnVirtualThread(within(aCall(peer.url("/debit")), SHORT));

    assertThat(result).isEqualTo(NO_ANSWER);
  }

  @Test
  void aParticipantThatDoesNotReadIsUnclearAfterTheTimeout() throws Exception {
    var release = new CountDownLatch(1);
    var peer = peer(connection -> release.await());
    var payload = "x".repeat(32 * 1024 * 1024);

    var result = callOnVirtualThread(within(aCall(peer.url("/debit"), payload), SHORT));

    release.countDown();
    assertThat(result).isEqualTo(NO_ANSWER);
  }

  @Test
  void aConnectionThatIsNeverAcceptedIsUnclearAfterTheTimeout() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = new InetSocketAddress("127.0.0.1", full.getLocalPort());
      fillBacklog(address);
      var url = "http://127.0.0.1:%d/debit".formatted(address.getPort());

      var result = callOnVirtualThread(within(aCall(url), SHORT));

      assertThat(result).isEqualTo(NO_ANSWER);
    }
  }

  private void fillBacklog(InetSocketAddress address) throws IOException {
    while (true) {
      var socket = new Socket();
      opened.add(socket);
      try {
        socket.connect(address, 200);
      } catch (java.net.SocketTimeoutException e) {
        return;
      }
    }
  }

  @Test
  void aRefusedConnectionIsUnclear() throws Exception {
    int port;
    try (var listener = new ServerSocket(0)) {
      port = listener.getLocalPort();
    }

    var result = callOnVirtualThread(aCall("http://127.0.0.1:%d/debit".formatted(port)));

    assertThat(result).isInstanceOf(Unclear.class);
    assertThat(((Unclear) result).message()).contains("127.0.0.1:" + port, "refused");
  }

  @Test
  void aHostThatDoesNotExistIsUnclear() throws Exception {
    var result = callOnVirtualThread(aCall("http://no-such-host.invalid/debit"));

    assertThat(result).isInstanceOf(Unclear.class);
    assertThat(((Unclear) result).message()).contains("no-such-host.invalid");
  }

  @Test
  void aLookUpThatHangsIsUnclearAfterTheTimeout() throws Exception {
    var release = new CountDownLatch(1);
    try (var slow =
        new BoundedHttpClient("test", ProxyRules.none(), host -> awaitThenLoopback(release))) {
      var result =
          new HttpBranchCaller(slow).call(within(aCall("http://slow.example/debit"), SHORT));

      assertThat(result).isInstanceOf(Unclear.class);
      release.countDown();
    }
  }

  private static InetAddress[] awaitThenLoopback(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new InetAddress[] {InetAddress.getLoopbackAddress()};
  }

  @Test
  void callsHostsWithAnUnderscoreInTheirName() throws Exception {
    var peer = peer(SAYS_YES);
    var loopback = new InetAddress[] {InetAddress.getLoopbackAddress()};
    try (var composed = new BoundedHttpClient("test", ProxyRules.none(), host -> loopback)) {
      var url = peer.url("/debit").replace("127.0.0.1", "my_service");

      var result = new HttpBranchCaller(composed).call(aCall(url));

      assertThat(result).isEqualTo(new Succeeded());
      assertThat(peer.requests()).singleElement().asString().contains("Host: my_service:");
    }
  }

  @Test
  void aConnectionResetIsUnclearAndNotTriedAgain() throws Exception {
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.reset();
        });

    var result = callOnVirtualThread(aCall(peer.url("/debit")));

    assertThat(result).isInstanceOf(Unclear.class);
    assertThat(peer.requests()).hasSize(1);
  }

  @Test
  void anAnswerThatEndsTooEarlyIsUnclear() throws Exception {
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        });

    var result = callOnVirtualThread(aCall(peer.url("/debit")));

    assertThat(result).isInstanceOf(Unclear.class);
    assertThat(peer.requests()).hasSize(1);
  }

  @Test
  void anAnswerThatIsNotHttpIsUnclear() throws Exception {
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.send("220 mail.example ESMTP\r\n\r\n");
        });

    var result = callOnVirtualThread(within(aCall(peer.url("/debit")), SHORT));

    assertThat(result).isInstanceOf(Unclear.class);
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    var accepted = new AtomicInteger();
    var peer =
        peer(connection -> {
          accepted.incrementAndGet();
          SAYS_YES.serve(connection);
        });

    for (int i = 0; i < 20; i++) {
      callOnVirtualThread(aCall(peer.url("/debit")));
    }

    assertThat(peer.requests()).hasSize(20);
    assertThat(accepted).hasValue(1);
  }

  @Test
  void connectionsThatThePeerClosedMeanwhileDoNoHarm() throws Exception {
    int count = 20;
    var allAsked = new CountDownLatch(count);
    var closed = new Semaphore(0);
    var peer =
        peer(connection -> {
          connection.readRequest();
          allAsked.countDown();
          allAsked.await();
          connection.answer(200, "{}");
          connection.close();
          closed.release();
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = new ArrayList<java.util.concurrent.Future<BranchResult>>();
      for (int i = 0; i < count; i++) {
        first.add(threads.submit(() -> caller.call(aCall(peer.url("/debit")))));
      }
      for (var result : first) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(new Succeeded());
      }
    }
    assertThat(closed.tryAcquire(count, 30, TimeUnit.SECONDS)).isTrue();

    for (int i = 0; i < count; i++) {
      var result = callOnVirtualThread(aCall(peer.url("/debit")));

      assertThat(result).isEqualTo(new Succeeded());
      assertThat(closed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(peer.requests()).hasSize(2 * count);
  }

  @Test
  void aRequestLostInAClosingConnectionIsNotSentTwice() throws Exception {
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.answer(200, "{}");
          connection.readRequest();
        });
    callOnVirtualThread(aCall(peer.url("/debit")));

    var result = callOnVirtualThread(aCall(peer.url("/debit")));

    assertThat(result).isInstanceOf(Unclear.class);
    assertThat(peer.requests()).hasSize(2);
  }

  @Test
  void aLargeRefusalIsCutInTheMessage() throws Exception {
    var body = "é".repeat(100_000) + "FAILURE";
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(bytes.length));
          connection.send(bytes);
        });

    var result = callOnVirtualThread(aCall(peer.url("/debit")));

    assertThat(result)
        .isEqualTo(
            new Refused(
                "é".repeat(AnswerBody.MESSAGE_BYTES_MAX / 2) + "… (cut after 65536 bytes)"));
  }

  @Test
  void doesNotWaitForTheEndOfAnEndlessAnswer() throws Exception {
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          var chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
          while (true) {
            connection.send(chunk);
          }
        });

    var result = callOnVirtualThread(aCall(peer.url("/debit")));

    assertThat(result).isEqualTo(new Succeeded());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 1_048_575, 1_048_576, 1_048_577})
  void readsAnswersOfEverySize(int size) throws Exception {
    var peer =
        peer(connection -> {
          while (connection.readRequest()) {
            connection.answer(200, "x".repeat(size));
          }
        });

    for (int i = 0; i < 3; i++) {
      assertThat(callOnVirtualThread(aCall(peer.url("/debit")))).isEqualTo(new Succeeded());
    }
  }

  @Test
  void readsZippedAnswers() throws Exception {
    var zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      out.write("no money FAILURE".getBytes(StandardCharsets.UTF_8));
    }
    var peer =
        peer(connection -> {
          while (connection.readRequest()) {
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
                    .formatted(zipped.size()));
            connection.send(zipped.toByteArray());
          }
        });

    callOnVirtualThread(aCall(peer.url("/debit")));
    var result = callOnVirtualThread(aCall(peer.url("/debit")));

    assertThat(result).isEqualTo(new Refused("no money FAILURE"));
    assertThat(peer.openConnections()).isEqualTo(1);
  }

  @Test
  void followsARedirectWithTheSameBody() throws Exception {
    var target = peer(SAYS_YES);
    var peer =
        peer(connection -> {
          connection.readRequest();
          connection.send(
              "HTTP/1.1 307 X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                  .formatted(target.url("/moved")));
        });

    var result = callOnVirtualThread(aCall(peer.url("/debit"), "{\"a\":1}"));

    assertThat(result).isEqualTo(new Succeeded());
    assertThat(target.requests())
        .singleElement()
        .asString()
        .startsWith("POST /moved HTTP/1.1")
        .endsWith("{\"a\":1}");
  }

  @Test
  void endlessRedirectsAreUnclear() throws Exception {
    var peer =
        peer(connection -> {
          while (connection.readRequest()) {
            connection.send("HTTP/1.1 302 X\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
          }
        });

    var result = callOnVirtualThread(aCall(peer.url("/debit"), ""));

    assertThat(result).isInstanceOf(Unclear.class);
    assertThat(((Unclear) result).message()).contains("redirect");
    assertThat(peer.requests().size()).isBetween(10, 11);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8080/debit", "ftp://host/debit", "http://", "http://ho st/x"})
  void aUrlThatIsNoneIsUnclear(String url) throws Exception {
    var result = callOnVirtualThread(within(aCall(url), LONG));

    assertThat(result).isInstanceOf(Unclear.class);
  }

  @Test
  void afterTheEndNothingIsCalled() {
    var peer = peer(SAYS_YES);
    client.close();

    var result = caller.call(aCall(peer.url("/debit")));

    assertThat(result).isEqualTo(new Unclear("the server is shutting down"));
    assertThat(peer.requests()).isEmpty();
  }
}
