package io.dtm.testing.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.EngineConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedServerTest {
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger answer = new AtomicInteger(500);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer participant;

  @BeforeEach
  void startParticipant() throws IOException {
    participant = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    participant.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.sendResponseHeaders(answer.get(), -1);
          exchange.close();
        });
    participant.start();
  }

  @AfterEach
  void stopParticipant() {
    participant.stop(0);
  }

  @Test
  void retriesWhenTheTestSaysThatTheTimeHasCome() throws Exception {
    try (var server = EmbeddedServer.start()) {
      submit(server, "a");
      server.settle();
      assertThat(calls).hasValue(1);

      server.advance(Duration.ofSeconds(19));
      assertThat(calls).hasValue(1);

      answer.set(200);
      server.advance(Duration.ofSeconds(1));
      assertThat(calls).hasValue(2);
      assertThat(server.find("a").orElseThrow().status()).isEqualTo(TransactionStatus.SUCCEEDED);
    }
  }

  @Test
  void plays35SecondsInOneCallTheSameWayEachTime() throws Exception {
    try (var server = EmbeddedServer.start()) {
      submit(server, "a");

      server.advance(Duration.ofSeconds(35));
      assertThat(calls).as("at 0 s and at 20 s").hasValue(2);

      server.advance(Duration.ofSeconds(35));
      assertThat(calls).as("and at 60 s").hasValue(3);
    }
  }

  @Test
  void whatACrashedServerHadStoredIsTakenUpAtTheSameAddress() throws Exception {
    try (var server = EmbeddedServer.start()) {
      var address = server.baseUrl();
      submit(server, "a");
      server.settle();

      server.crash();
      assertThat(server.isDown()).isTrue();
      server.advance(Duration.ofMinutes(1));
      assertThat(calls).as("calls of a server that is gone").hasValue(1);

      answer.set(200);
      server.restart();
      server.advance(Duration.ofSeconds(1));
      assertThat(server.baseUrl()).isEqualTo(address);
      assertThat(calls).hasValue(2);
      assertThat(server.find("a").orElseThrow().status()).isEqualTo(TransactionStatus.SUCCEEDED);
      assertThat(server.unfinished()).isEmpty();
      submit(server, "b");
    }
  }

  @Test
  void whatWasAnsweredToACrashedServerIsAskedForAgainAfterItsLease() throws Exception {
    var crashing = new AtomicReference<Runnable>(() -> {});
    try (var server =
        EmbeddedServer.start(
            EngineConfig.defaults(),
            DestinationLimits.defaults(),
            caller ->
                call -> {
                  var result = caller.call(call);
                  crashing.get().run();
                  return result;
                })) {
      answer.set(200);
      crashing.set(server::crash);
      submit(server, "a");
      server.settle();
      assertThat(calls).hasValue(1);

      crashing.set(() -> {});
      server.restart();
      server.advance(Duration.ofSeconds(9));
      assertThat(calls).as("within the lease").hasValue(1);

      server.advance(Duration.ofSeconds(1));
      assertThat(calls).hasValue(2);
      assertThat(server.find("a").orElseThrow().status()).isEqualTo(TransactionStatus.SUCCEEDED);
    }
  }

  private void submit(EmbeddedServer server, String gid) throws Exception {
    var url = "http://127.0.0.1:" + participant.getAddress().getPort();
    var body =
        """
        {"gid":"%s","trans_type":"saga","payloads":["{}"],"steps":[{"action":"%s/do","compensate":"%s/undo"}]}\
        """
            .formatted(gid, url, url);
    var request =
        HttpRequest.newBuilder(server.baseUrl().resolve("/api/dtmsvr/submit"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var reply = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }
}
