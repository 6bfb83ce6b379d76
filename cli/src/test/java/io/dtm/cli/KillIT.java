package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the real process at random moments under load and looks afterwards whether everything that was acknowledged came to its end. How
 * often: the system property {@code dtm.kills}, 20 by default.
 */
class KillIT {
  private static final int KILLS = Integer.getInteger("dtm.kills", 20);
  private static final int CLIENTS = 16;
  private static final Duration END_LIMIT = Duration.ofSeconds(60);
  private static final Pattern STATUS = Pattern.compile("\"status\":\"(\\w+)\"[^{]*\"protocol\"");

  @TempDir Path folder;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final Map<String, Kind> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, String> toldTheEnd = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  private enum Kind {
    SUCCEEDS,
    REFUSED
  }

  @Test
  void losesNothingThatItAcknowledged() throws Exception {
    long seed = System.nanoTime();
    System.out.printf("KillIT: %d kills, seed %d%n", KILLS, seed);
    var random = new Random(seed);
    var data = Files.createDirectory(folder.resolve("data"));

    try (var participant = new RecordingParticipant()) {
      for (int kill = 0; kill < KILLS; kill++) {
        try (var server = ServerProcess.start(data, client)) {
          loadFor(Duration.ofMillis(100 + random.nextInt(900)), server, participant, random);
        }
      }
      try (var server = ServerProcess.start(data, client)) {
        var unfinished = awaitEnds(server.baseUrl());
        System.out.printf(
            "KillIT: %d acknowledged, %d of them told their end before a kill%n",
            acknowledged.size(), toldTheEnd.size());

        assertThat(unfinished).as("acknowledged, but lost or without an end").isEmpty();
        assertThat(acknowledged).hasSizeGreaterThan(KILLS);
        acknowledged.forEach((gid, kind) -> check(gid, kind, participant));
        assertThat(server.terminate(Duration.ofSeconds(15))).isIn(0, 143);
      }
    }
  }

  private void loadFor(
      Duration duration, ServerProcess server, RecordingParticipant participant, Random random)
      throws Exception {
    var over = new AtomicBoolean();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        long seed = random.nextLong();
        clients.submit(() -> submitUntil(over, server.baseUrl(), participant, new Random(seed)));
      }
      LockSupport.parkNanos(duration.toNanos());
      server.kill();
      over.set(true);
    }
  }

  private void submitUntil(
      AtomicBoolean over, URI baseUrl, RecordingParticipant participant, Random random) {
    while (!over.get()) {
      var gid = "kill-" + count.incrementAndGet();
      var kind = random.nextInt(4) == 0 ? Kind.REFUSED : Kind.SUCCEEDS;
      boolean waits = random.nextBoolean();
      try {
        var reply = post(baseUrl, body(gid, kind, waits, participant));
        if (reply.statusCode() == 200 || reply.statusCode() == 409) {
          acknowledged.put(gid, kind);
          if (waits) {
            toldTheEnd.put(gid, reply.statusCode() == 200 ? "succeed" : "failed");
          }
        }
      } catch (IOException killed) {
        // The process is gone: this saga was not acknowledged, and nothing is promised about it.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static String body(
      String gid, Kind kind, boolean waits, RecordingParticipant participant) {
    var second = kind == Kind.REFUSED ? "/refuse" : "/credit";
    return """
        {"gid":"%s","trans_type":"saga","wait_result":%s,"payloads":["{}","{}"],"steps":[
        {"action":"%s","compensate":"%s"},{"action":"%s","compensate":"%s"}]}"""
        .formatted(
            gid,
            waits,
            participant.url("/debit"),
            participant.url("/undebit"),
            participant.url(second),
            participant.url("/uncredit"));
  }

  private HttpResponse<String> post(URI baseUrl, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(baseUrl.resolve("/api/dtmsvr/submit"))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Waits for the end of everything acknowledged; returns what has none. */
  private List<String> awaitEnds(URI baseUrl) throws Exception {
    var open = new ArrayList<>(acknowledged.keySet());
    var deadline = System.nanoTime() + END_LIMIT.toNanos();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      var still = new ArrayList<String>();
      for (var gid : open) {
        var expected = acknowledged.get(gid) == Kind.SUCCEEDS ? "succeed" : "failed";
        if (!status(baseUrl, gid).equals(expected)) {
          still.add(gid);
        }
      }
      open = still;
    }
    return open;
  }

  private String status(URI baseUrl, String gid) throws Exception {
    var request =
        HttpRequest.newBuilder(baseUrl.resolve("/api/dtmsvr/query?gid=" + gid))
            .timeout(Duration.ofSeconds(10))
            .build();
    var body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    Matcher status = STATUS.matcher(body.substring(Math.max(0, body.indexOf("\"transaction\""))));
    return status.find() ? status.group(1) : "missing: " + body;
  }

  private void check(String gid, Kind kind, RecordingParticipant participant) {
    var calls = participant.calls(gid);
    assertThat(calls).as(gid).contains("01 action", "02 action");
    if (kind == Kind.REFUSED) {
      assertThat(calls).as(gid).contains("02 compensate", "01 compensate");
      assertThat(toldTheEnd.getOrDefault(gid, "failed")).as(gid).isEqualTo("failed");
    } else {
      assertThat(calls).as(gid).doesNotContain("01 compensate", "02 compensate");
      assertThat(toldTheEnd.getOrDefault(gid, "succeed")).as(gid).isEqualTo("succeed");
    }
  }
}
