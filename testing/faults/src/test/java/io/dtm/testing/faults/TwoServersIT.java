package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two servers on one database: they share the work, and one takes over when the other is gone. */
class TwoServersIT {
  private static final int CLIENTS = 12;
  private static final int TRANSACTIONS = 2_400;
  private static final int DELAYED = 1_200;
  private static final int HELD = 200;
  private static final Duration END_LIMIT = Duration.ofSeconds(60);

  /** Until the delayed messages fall due: time enough to submit them all. */
  private static final Duration DELAY = Duration.ofSeconds(20);

  /** The lease, a look for what is due, the work, and room for a busy machine. */
  private static final Duration TAKEOVER_LIMIT = Duration.ofSeconds(10 + 3 + 12);

  @TempDir Path folder;

  private final HttpClient client = Api.newClient();
  private final Ledger ledger = new Ledger("two-");

  @ParameterizedTest
  @EnumSource(names = {"MYSQL", "POSTGRES", "REDIS"})
  void theyShareTheWorkAndTakeOverFromEachOther(StoreKind kind) throws Exception {
    try (var place = StorePlace.open(kind, folder.resolve("data"));
        var participant = new RecordingParticipant();
        var one = ServerProcess.start(place.url(), folder.resolve("one.log"), client);
        var other = ServerProcess.start(place.url(), folder.resolve("other.log"), client)) {
      var apis = List.of(new Api(client, one.baseUrl()), new Api(client, other.baseUrl()));

      var due = Instant.now().plus(DELAY);
      inParallel(DELAYED, i -> submitDelayed(apis.get(i % 2), i, due, participant));
      inParallel(TRANSACTIONS, i -> carryOut(apis.get(i % 2), i, participant));
      ledger.awaitEnds(apis.getFirst(), END_LIMIT, participant);
      awaitEnds(apis.getLast(), "delayed-", DELAYED, DELAY.plus(END_LIMIT));

      System.out.printf(
          "TwoServersIT: %s, delayed messages ended by one: %d, by the other: %d%n",
          kind, delayedEnds(one), delayedEnds(other));
      ledger.check(participant);
      ledger.checkNoCallTwice(participant);
      for (int i = 0; i < DELAYED; i++) {
        assertThat(participant.calls("delayed-" + i)).as("delayed-" + i).hasSize(1);
      }
      assertThat(delayedEnds(one)).as("delayed messages sent by one").isPositive();
      assertThat(delayedEnds(other)).as("delayed messages sent by the other").isPositive();

      // Each call is held for a second, so that all of them are in work as the server is killed.
      inParallel(HELD, i -> submit(apis.getFirst(), message("held-" + i, participant, "/held", 0)));
      var killedAt = System.nanoTime();
      one.kill();
      awaitEnds(apis.getLast(), "held-", HELD, TAKEOVER_LIMIT);
      System.out.printf(
          "TwoServersIT: %s, %d transactions taken over %d ms after the kill%n",
          kind, HELD, Duration.ofNanos(System.nanoTime() - killedAt).toMillis());
      assertThat(other.terminate(Duration.ofSeconds(15))).isIn(0, 143);
    }
  }

  private interface Numbered {
    void with(int number) throws Exception;
  }

  /** Ends with the first failure. */
  private static void inParallel(int count, Numbered work) throws Exception {
    var next = new AtomicInteger();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var ends = new ArrayList<Future<?>>();
      for (int each = 0; each < CLIENTS; each++) {
        ends.add(
            clients.submit(() -> {
              try {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                  work.with(i);
                }
              } catch (Exception | AssertionError e) {
                next.set(count);
                throw e;
              }
              return null;
            }));
      }
      for (var end : ends) {
        end.get();
      }
    }
  }

  private void carryOut(Api api, int number, RecordingParticipant participant) throws Exception {
    var flow = Flow.values()[new Random(number).nextInt(Flow.values().length)];
    var gid = ledger.begin(flow);
    for (var request : flow.requests(gid, participant)) {
      submit(api, request);
    }
    ledger.acknowledge(gid);
  }

  private static void submitDelayed(
      Api api, int number, Instant due, RecordingParticipant participant) throws Exception {
    long seconds = Math.max(1, Duration.between(Instant.now(), due).toSeconds());
    submit(api, message("delayed-" + number, participant, "/delayed", seconds));
  }

  private static Flow.Request message(
      String gid, RecordingParticipant participant, String path, long delay) {
    return new Flow.Request(
        "submit",
        """
        {"gid":"%s","trans_type":"msg","payloads":["{}"],"steps":[{"action":"%s"}],
        "custom_data":"{\\"delay\\":%d}"}\
        """
            .formatted(gid, participant.url(path), delay));
  }

  private static void submit(Api api, Flow.Request request) throws Exception {
    var reply = api.post(request);
    assertThat(reply.statusCode()).as("%s: %s", request, reply.body()).isEqualTo(200);
  }

  private static void awaitEnds(Api api, String prefix, int count, Duration limit)
      throws Exception {
    var open = new ArrayList<>(IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
    var deadline = System.nanoTime() + limit.toNanos();
    while (!open.isEmpty()) {
      assertThat(System.nanoTime()).as("%s after %s", open, limit).isLessThan(deadline);
      var gid = open.getLast();
      if (api.status(gid).equals("succeed")) {
        open.removeLast();
      }
    }
  }

  private static long delayedEnds(ServerProcess server) throws Exception {
    return server.logLines().stream()
        .filter(line -> line.contains("delayed-") && line.contains("-> succeeded"))
        .count();
  }
}
