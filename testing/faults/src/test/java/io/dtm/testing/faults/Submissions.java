package io.dtm.testing.faults;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that submit sagas and wait for their ends, each the next one as soon as the last one is
 * answered, whatever the answer. Thread-safe.
 */
final class Submissions {
  private final Api api;
  private final SlowParticipant participant;
  private final String prefix;
  private final AtomicInteger number = new AtomicInteger();
  private final Queue<Duration> times = new ConcurrentLinkedQueue<>();
  private final Queue<Duration> refusalTimes = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap.KeySetView<String, Boolean> accepted =
      ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap.KeySetView<String, Boolean> refused =
      ConcurrentHashMap.newKeySet();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

  Submissions(Api api, SlowParticipant participant, String prefix) {
    this.api = api;
    this.participant = participant;
    this.prefix = prefix;
  }

  /** Returns when all have their last answer. */
  void run(int clients, Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        threads.execute(() -> submitUntil(end));
      }
    }
  }

  private void submitUntil(long end) {
    try {
      while (System.nanoTime() < end) {
        submit(prefix + number.incrementAndGet());
      }
    } catch (Exception e) {
      unexpected.add(e.toString());
    }
  }

  private void submit(String gid) throws Exception {
    var step = "{\"action\":\"%1$s\",\"compensate\":\"%1$s\"}".formatted(participant.url("/step"));
    var body =
        "{\"gid\":\"%s\",\"trans_type\":\"saga\",\"wait_result\":true,\"steps\":[%s],\"payloads\":[\"{}\"]}"
            .formatted(gid, step);
    long begun = System.nanoTime();
    var answer = api.post(new Flow.Request("submit", body));
    var time = Duration.ofNanos(System.nanoTime() - begun);
    if (answer.statusCode() == 200) {
      accepted.add(gid);
      times.add(time);
    } else if (isOrderlyRefusal(answer)) {
      refused.add(gid);
      refusalTimes.add(time);
    } else {
      unexpected.add(gid + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  static boolean isOrderlyRefusal(HttpResponse<?> answer) {
    return answer.statusCode() == 503 && answer.headers().firstValue("Retry-After").isPresent();
  }

  int accepted() {
    return accepted.size();
  }

  List<String> refused() {
    return List.copyOf(refused);
  }

  List<String> unexpected() {
    return List.copyOf(unexpected);
  }

  Duration percentile(int percent) {
    return percentile(times, percent);
  }

  Duration refusalPercentile(int percent) {
    return percentile(refusalTimes, percent);
  }

  private static Duration percentile(Queue<Duration> times, int percent) {
    var sorted = new ArrayList<>(times);
    sorted.sort(null);
    return sorted.isEmpty() ? Duration.ZERO : sorted.get((sorted.size() - 1) * percent / 100);
  }

  @Override
  public String toString() {
    return "%d accepted (half in %d ms, 99 %% in %d ms), %d refused (99 %% in %d ms)"
        .formatted(
            accepted(),
            percentile(50).toMillis(),
            percentile(99).toMillis(),
            refused.size(),
            refusalPercentile(99).toMillis());
  }
}
