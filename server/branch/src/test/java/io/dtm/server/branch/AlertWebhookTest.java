package io.dtm.server.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AlertWebhookTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final BoundedHttpClient client = new BoundedHttpClient("test", ProxyRules.none());
  private final Semaphore received = new Semaphore(0);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    client.close();
  }

  private RawPeer receiver() {
    return new RawPeer(connection -> {
      while (connection.readRequest()) {
        received.release();
        connection.answer(500, "nobody reads this");
      }
    });
  }

  private AlertWebhook startedWebhook(String url, Duration timeout) {
    var config = new AlertConfig(Optional.of(URI.create(url)), 3, timeout);
    var webhook = new AlertWebhook(config, client, InstantSource.fixed(NOW));
    webhook.start();
    return webhook;
  }

  private static EngineEvent.RetryScheduled retry(int number, String failure) {
    var definition =
        new TransactionDefinition(
            new Gid("gid-1"),
            new TransactionSpec.Saga(false, Map.of()),
            BranchProtocol.HTTP,
            TransactionOptions.defaults(),
            "",
            "",
            NOW);
    var progress =
        new TransactionProgress(
            TransactionStatus.SUBMITTED,
            2,
            new Schedule(NOW, Duration.ofSeconds(10), number, ""),
            NOW,
            null,
            "",
            "");
    return new EngineEvent.RetryScheduled(
        new GlobalTransaction(definition, List.of(), progress),
        "http://bank/debit",
        failure,
        number);
  }

  @Test
  void postsEveryRetryFromTheLimitOn() throws Exception {
    try (var peer = receiver();
        var webhook = startedWebhook(peer.url("/alerts?key=1"), TIMEOUT)) {
      webhook.on(retry(1, "HTTP 500: one"));
      webhook.on(retry(2, "HTTP 500: two"));
      webhook.on(new EngineEvent.Disturbed("something else", new IllegalStateException()));
      webhook.on(retry(3, "HTTP 500: \"three\""));
      webhook.on(retry(4, "HTTP 500: four"));

      assertThat(received.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
      assertThat(peer.requests()).hasSize(2);
      assertThat(peer.requests().getFirst())
          .startsWith("POST /alerts?key=1 HTTP/1.1")
          .contains("Content-Type: application/json")
          .endsWith(
              "{\"branch\":\"http://bank/debit\",\"error\":\"your http/grpc result should be"
                  + " specified as in:\\nhttp://d.dtm.pub/practice/arch.html#proto\\nunkown"
                  + " result will be retried: HTTP 500: \\\"three\\\"\",\"gid\":\"gid-1\","
                  + "\"retry_count\":3,\"status\":\"submitted\"}");
      assertThat(peer.requests().getLast()).contains("\"retry_count\":4");
    }
  }

  @Test
  void postsAParkedTransactionHoweverFewItsRetriesWere() throws Exception {
    try (var peer = receiver();
        var webhook = startedWebhook(peer.url("/alerts"), TIMEOUT)) {
      var transaction = retry(1, "").transaction();
      var parking = new Parking("1 failed attempts in a row", "bank:80", NOW);
      webhook.on(
          new EngineEvent.Parked(
              transaction.withSchedule(transaction.schedule().parked(parking)),
              "http://bank/debit",
              "HTTP 500",
              parking));

      assertThat(received.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      assertThat(peer.requests().getFirst())
          .endsWith(
              "unkown result will be retried: HTTP 500\",\"gid\":\"gid-1\",\"parked_reason\":\"1"
                  + " failed attempts in a row\",\"parked_since\":\""
                  + NOW
                  + "\",\"retry_count\":1,\"status\":\"submitted\"}");
    }
  }

  @Test
  void aReceiverThatHangsDelaysNobodyAndTheOldestAlertsAreDropped() throws Exception {
    try (var peer =
            new RawPeer(connection -> {
              while (connection.readRequest()) {
                received.release();
                release.await();
                connection.answer(200, "");
              }
            });
        var webhook = startedWebhook(peer.url("/alerts"), TIMEOUT)) {
      webhook.on(retry(3, "first"));
      assertThat(received.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

      for (int i = 0; i < AlertWebhook.WAITING_MAX + 5; i++) {
        webhook.on(retry(3, "number " + i));
      }

      assertThat(webhook.dropped()).isEqualTo(5);
      release.countDown();
      assertThat(received.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      assertThat(peer.requests().get(1)).contains("number 5\"");
    }
  }

  @Test
  void goesOnAfterAFailure() throws Exception {
    try (var peer =
            new RawPeer(connection -> {
              connection.readRequest();
              received.release();
              connection.reset();
            });
        var webhook = startedWebhook(peer.url("/alerts"), TIMEOUT)) {
      webhook.on(retry(3, "first"));
      webhook.on(retry(4, "second"));

      assertThat(received.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void withoutAUrlNothingIsKept() {
    var config = new AlertConfig(Optional.empty(), 3, TIMEOUT);
    try (var webhook = new AlertWebhook(config, client, InstantSource.fixed(NOW))) {
      for (int i = 0; i < AlertWebhook.WAITING_MAX + 5; i++) {
        webhook.on(retry(3, "number " + i));
      }

      assertThat(webhook.dropped()).isZero();
    }
  }

  @Test
  void theConfigurationMustMakeSense() {
    assertThatThrownBy(() -> new AlertConfig(Optional.of(URI.create("ftp://x/secret")), 3, TIMEOUT))
        .hasMessage("url: another scheme (expected: http:// or https://)");
    assertThatThrownBy(() -> new AlertConfig(Optional.empty(), -1, TIMEOUT))
        .hasMessage("retryLimit: -1 (expected: >= 0)");
    assertThatThrownBy(() -> new AlertConfig(Optional.empty(), 3, Duration.ZERO))
        .hasMessage("timeout: PT0S (expected: > 0)");
  }

  @Test
  void aDestinationThatFallsSilentIsReportedOnce() throws Exception {
    try (var receiver = receiver();
        var webhook = startedWebhook(receiver.url("/hook"), TIMEOUT)) {
      webhook.on(
          new EngineEvent.DestinationSilent(
              "bank:80", 20, Calls.aCall("http://bank/a"), "refused"));

      assertThat(received.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      assertThat(receiver.requests())
          .singleElement()
          .asString()
          .contains("{\"branch\":\"http://bank/a\",")
          .endsWith(
              "bank:80 has not answered 20 calls in a row, last: refused\","
                  + "\"gid\":\"gid-1\",\"retry_count\":20,\"status\":\"\"}");
    }
  }
}
