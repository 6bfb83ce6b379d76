package io.dtm.testing.faults;

import com.google.protobuf.ByteString;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All that takes memory, at once, and much more of it than there is: bodies of 8 MiB, gRPC messages
 * of 4 MiB, thousands that wait for slow participants, large answers of participants, large
 * transactions that are retried, asked for and listed. Thread-safe.
 */
final class HeavyLoad {
  private static final int LARGE = 7_900_000;
  private static final int MESSAGE = 4_000_000;

  private final Api api;
  private final SlowParticipant participant;
  private final ManagedChannel channel;
  private final AtomicInteger number = new AtomicInteger();
  private final Queue<String> large = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

  HeavyLoad(Api api, String grpcTarget, SlowParticipant participant) {
    this.api = api;
    this.participant = participant;
    this.channel = NettyChannelBuilder.forTarget(grpcTarget).usePlaintext().build();
  }

  private interface Work {
    void once(Random random) throws Exception;
  }

  void run(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var part :
          List.<Map.Entry<Integer, Work>>of(
              Map.entry(16, random -> submit("slow", 64 + random.nextInt(LARGE), "/step")),
              Map.entry(8, random -> submit("wordy", random.nextInt(LARGE), "/wordy")),
              Map.entry(300, random -> submit("chatty", 10, "/wordy")),
              Map.entry(1_500, random -> submit("small", 10, "/step")),
              Map.entry(8, random -> submitOverGrpc()),
              Map.entry(16, random -> query()),
              Map.entry(16, random -> get("/api/dtmsvr/all?limit=1000")))) {
        for (int i = 0; i < part.getKey(); i++) {
          var random = new Random(number.incrementAndGet());
          threads.execute(() -> repeat(part.getValue(), random, end));
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private void repeat(Work work, Random random, long end) {
    while (System.nanoTime() < end) {
      try {
        work.once(random);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        unexpected.add(e.toString());
      }
    }
  }

  private void submit(String kind, int length, String path) throws Exception {
    var gid = kind + number.incrementAndGet();
    var body =
        "{\"gid\":\"%s\",\"trans_type\":\"msg\",\"wait_result\":%s,\"steps\":[{\"action\":\"%s\"}],\"payloads\":[\"%s\"]}"
            .formatted(gid, kind.equals("small"), participant.url(path), "p".repeat(length));
    var answer = api.post(new Flow.Request("submit", body));
    note(kind, answer);
    if (answer.statusCode() == 200 && length > LARGE / 2) {
      large.add(gid);
    }
  }

  private void query() throws Exception {
    var gid = large.poll();
    if (gid == null) {
      get("/api/dtmsvr/query?gid=none");
    } else {
      get("/api/dtmsvr/query?gid=" + gid);
      large.add(gid);
    }
  }

  private void get(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(api.baseUrl().resolve(path)).timeout(Api.ANSWER_LIMIT).build();
    note("get", api.client().send(request, HttpResponse.BodyHandlers.discarding()));
  }

  private void note(String kind, HttpResponse<?> answer) {
    count(kind + " " + answer.statusCode());
    boolean isExpected =
        switch (answer.statusCode()) {
          case 200, 409 -> true;
          case 503 -> Submissions.isOrderlyRefusal(answer);
          case 500 -> String.valueOf(answer.body()).contains("www"); // what a participant has said
          default -> false;
        };
    if (!isExpected) {
      unexpected.add(kind + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private void submitOverGrpc() {
    var request =
        DtmRequest.newBuilder()
            .setGid("grpc" + number.incrementAndGet())
            .setTransType("msg")
            .setSteps("[{\"action\":\"" + participant.url("/step") + "\"}]")
            .addBinPayloads(ByteString.copyFrom(new byte[MESSAGE]))
            .build();
    try {
      var unused =
          DtmGrpc.newBlockingStub(channel)
              .withDeadlineAfter(Api.ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS)
              .submit(request);
      count("gRPC OK");
    } catch (StatusRuntimeException e) {
      count("gRPC " + e.getStatus().getCode());
      if (e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
        unexpected.add("gRPC: " + e.getStatus());
      }
    }
  }

  private void count(String answer) {
    answers.computeIfAbsent(answer, a -> new AtomicInteger()).incrementAndGet();
  }

  /** How many of each kind of answer there were. */
  Map<String, AtomicInteger> answers() {
    return answers;
  }

  List<String> unexpected() {
    return List.copyOf(unexpected);
  }
}
