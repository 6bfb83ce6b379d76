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
 * Kills the real process at random moments under load and looks afterwards whether everything that
 * was acknowledged came to its end. How often: the system property {@code dtm.kills}, 20 by
 * default.
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
  private final Map<String, KillFlow> started = new ConcurrentHashMap<>();
  private final Map<String, KillFlow> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

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
            "KillIT: %d begun, %d acknowledged to their last request%n",
            started.size(), acknowledged.size());

        assertThat(unfinished).as("acknowledged, but lost or without an end").isEmpty();
        assertThat(acknowledged.values()).containsAll(List.of(KillFlow.values()));
        acknowledged.forEach((gid, flow) -> check(gid, flow, participant));
        started.keySet().forEach(gid -> checkNeverBoth(gid, participant));
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
    var flows = KillFlow.values();
    while (!over.get()) {
      var gid = "kill-" + count.incrementAndGet();
      var flow = flows[random.nextInt(flows.length)];
      started.put(gid, flow);
      try {
        if (isAcknowledged(baseUrl, flow.requests(gid, participant))) {
          acknowledged.put(gid, flow);
        }
      } catch (IOException killed) {
        // The process is gone: the last request was not acknowledged, and nothing is promised about
        // it.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean isAcknowledged(URI baseUrl, List<KillFlow.KillRequest> requests)
      throws IOException, InterruptedException {
    for (var request : requests) {
      var reply = post(baseUrl, request);
      if (reply.statusCode() != 200) {
        assertThat(reply.statusCode()).as("%s: %s", request, reply.body()).isEqualTo(503);
        return false;
      }
    }
    return true;
  }

  private HttpResponse<String> post(URI baseUrl, KillFlow.KillRequest request)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(baseUrl.resolve("/api/dtmsvr/" + request.route()))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(request.body()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Waits for the end of everything acknowledged; returns what has none. */
  private List<String> awaitEnds(URI baseUrl) throws Exception {
    var open = new ArrayList<>(acknowledged.keySet());
    var deadline = System.nanoTime() + END_LIMIT.toNanos();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      var still = new ArrayList<String>();
      for (var gid : open) {
        if (!status(baseUrl, gid).equals(acknowledged.get(gid).end())) {
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

  private static void check(String gid, KillFlow flow, RecordingParticipant participant) {
    var calls = participant.calls(gid);
    assertThat(calls).as("%s %s", flow, gid).containsAll(flow.called());
    assertThat(calls).as("%s %s", flow, gid).noneMatch(flow.neverCalled()::contains);
  }

  /** I7, for what was not acknowledged as well. */
  private static void checkNeverBoth(String gid, RecordingParticipant participant) {
    var calls = participant.calls(gid);
    for (var branch : List.of("01", "02")) {
      assertThat(calls.contains(branch + " confirm") && calls.contains(branch + " cancel"))
          .as("%s: %s", gid, calls)
          .isFalse();
      assertThat(calls.contains(branch + " commit") && calls.contains(branch + " rollback"))
          .as("%s: %s", gid, calls)
          .isFalse();
    }
  }
}
