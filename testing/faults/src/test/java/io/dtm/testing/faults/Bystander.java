package io.dtm.testing.faults;

import com.google.protobuf.Empty;
import io.dtm.protocol.grpc.DtmGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody with ordinary requests, each on a connection of its own, over HTTP and gRPC in turn, who
 * notes how long the answers take. For one thread.
 */
final class Bystander {
  /** A request that has no answer by then counts as having taken so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration BETWEEN = Duration.ofMillis(20);

  private final ServerProcess server;
  private final List<Duration> times = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  Bystander(ServerProcess server) {
    this.server = server;
  }

  void askUntil(long end) {
    while (System.nanoTime() < end) {
      ask(this::overHttp);
      ask(this::overGrpc);
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }

  private interface Request {
    void send() throws Exception;
  }

  private void ask(Request request) {
    var begun = System.nanoTime();
    try {
      request.send();
    } catch (Exception e) {
      failures.add(e.toString());
    }
    times.add(Duration.ofNanos(System.nanoTime() - begun));
  }

  private void overHttp() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(server.baseUrl().resolve("/api/dtmsvr/newGid"))
              .timeout(PATIENCE)
              .build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("HTTP " + answer.statusCode() + " " + answer.body());
      }
      client.shutdownNow();
    }
  }

  private void overGrpc() {
    var channel = NettyChannelBuilder.forTarget(server.grpcTarget()).usePlaintext().build();
    try {
      var unused =
          DtmGrpc.newBlockingStub(channel)
              .withWaitForReady()
              .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .newGid(Empty.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }

  int count() {
    return times.size();
  }

  List<String> failures() {
    return failures;
  }

  Duration slowest() {
    return Collections.max(times);
  }

  /** So many of a hundred took at most this. */
  Duration percentile(int percent) {
    var sorted = times.stream().sorted().toList();
    return sorted.get((sorted.size() - 1) * percent / 100);
  }
}
