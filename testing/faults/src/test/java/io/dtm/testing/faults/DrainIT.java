package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import io.dtm.testing.faults.RecordingParticipant.Call;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Servers that share a database, one of which is told to end. */
class DrainIT {
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(6);
  private static final Duration LEASE = Duration.ofSeconds(10);

  /** The end of a process that has closed everything, on a busy machine. */
  private static final Duration EXIT_GRACE = Duration.ofSeconds(5);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "DRAIN_TIMEOUT",
          Long.toString(DRAIN_TIMEOUT.toSeconds()),
          // Longer than the drain time-out: a participant that hangs outlasts it.
          "REQUEST_TIMEOUT",
          "30");

  @TempDir Path folder;

  private static final int CLIENTS = 9;

  private final HttpClient client = Api.newClient();

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aServerThatEndsCostsAClientOfABalancerOneRepetitionAtMost() throws Exception {
    var chronicle = new Chronicle();
    try (var place = StorePlace.open(StoreKind.POSTGRES, folder.resolve("data"));
        var participant = new RecordingParticipant();
        var one = launch(place, "one");
        var two = launch(place, "two")) {
      one.awaitPing(client);
      two.awaitPing(client);
      try (var balancer =
              LoadBalancer.start(List.of(one.ports(), two.ports()), folder.resolve("balancer"));
          var clients =
              new MixedClients(client, balancer, chronicle, participant, Duration.ofMillis(10))) {
        var over = new AtomicBoolean();
        clients.start(CLIENTS, new Random(7), over::get);
        awaitAcknowledged(chronicle, 500);
        int exit = one.terminate(DRAIN_TIMEOUT.plus(EXIT_GRACE));
        awaitAcknowledged(chronicle, 1_000);
        over.set(true);
        clients.finish();

        var judge = new Judge(new Disturbances());
        var ends =
            Ends.await(
                new Api(client, two.baseUrl()), chronicle, participant, Duration.ofMinutes(1));
        judge.judge(chronicle, ends, participant);
        assertThat(exit).isIn(0, 143);
        assertThat(clients.unexpected()).isEmpty();
        // The balancer repeats what is refused over HTTP, but does not read the status of a gRPC
        // call.
        assertThat(chronicle.repeats())
            .as("requests that a client had to repeat")
            .isLessThanOrEqualTo(CLIENTS);
        assertThat(judge.lost()).isEmpty();
        assertThat(judge.violations()).isEmpty();
        assertThat(judge.duplicates()).as("calls made twice").isZero();
      }
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatAServerCannotEndInTimeGoesOnElsewhereAtOnceAndWhatHangsAfterItsLease() throws Exception {
    try (var place = StorePlace.open(StoreKind.POSTGRES, folder.resolve("data"));
        var participant = new RecordingParticipant();
        var one = launch(place, "one");
        var two = launch(place, "two")) {
      one.awaitPing(client);
      two.awaitPing(client);
      one.awaitNodes(2);
      two.awaitNodes(2);
      var api = new Api(client, one.baseUrl());
      assertThat(api.post(saga("long", participant, "/held", 12)).statusCode()).isEqualTo(200);
      assertThat(api.post(saga("hangs", participant, "/hanging", 1)).statusCode()).isEqualTo(200);
      awaitCalls(participant, "long", 2);
      awaitCalls(participant, "hangs", 1);

      var askedAt = System.nanoTime();
      int exit = one.terminate(DRAIN_TIMEOUT.plus(EXIT_GRACE));
      var took = Duration.ofNanos(System.nanoTime() - askedAt);
      awaitCalls(participant, "long", 12);
      awaitCalls(participant, "hangs", 2);

      var calls = participant.callsWithTimes("long");
      long longestGap = longestGapMillis(calls);
      var hanging = participant.callsWithTimes("hangs");
      long takenUpAfter = (hanging.get(1).atNanos() - hanging.get(0).atNanos()) / 1_000_000;
      System.out.printf(
          "DrainIT: ended after %d ms; the longest gap of what was handed over: %d ms; what hung was"
              + " called again after %d ms%n",
          took.toMillis(), longestGap, takenUpAfter);
      assertThat(exit).isIn(0, 143);
      assertThat(calls.stream().map(Call::step)).doesNotHaveDuplicates();
      // Each call is held for a second; what was not handed over would wait for its lease.
      assertThat(longestGap).isLessThan(LEASE.toMillis() / 2);
      // The claim may have been renewed once more just before the end.
      assertThat(takenUpAfter)
          .isBetween(LEASE.toMillis() - 1_000, took.plus(LEASE).plusSeconds(4).toMillis());
    }
  }

  private ServerProcess launch(StorePlace place, String name) throws Exception {
    return ServerProcess.launch(
        ServerProcess.Program.SERVER,
        place.url(),
        SETTINGS,
        folder.resolve(name + ".log"),
        ServerProcess.Ports.free());
  }

  private static Flow.Request saga(
      String gid, RecordingParticipant participant, String path, int steps) {
    var step =
        "{\"action\":\"%s\",\"compensate\":\"%s\"}"
            .formatted(participant.url(path), participant.url("/undo"));
    return new Flow.Request(
        "submit",
        "{\"gid\":\"%s\",\"trans_type\":\"saga\",\"steps\":[%s],\"payloads\":[%s]}"
            .formatted(
                gid,
                IntStream.range(0, steps).mapToObj(i -> step).collect(Collectors.joining(",")),
                IntStream.range(0, steps)
                    .mapToObj(i -> "\"{}\"")
                    .collect(Collectors.joining(","))));
  }

  private static void awaitCalls(RecordingParticipant participant, String gid, int count) {
    var deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (participant.calls(gid).size() < count) {
      assertThat(System.nanoTime())
          .as("%s: %d calls, so far %s", gid, count, participant.calls(gid))
          .isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private static void awaitAcknowledged(Chronicle chronicle, int count) {
    var deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (chronicle.acknowledged() < count) {
      assertThat(System.nanoTime()).as("%d acknowledged", count).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private static long longestGapMillis(List<Call> calls) {
    return IntStream.range(1, calls.size())
        .mapToLong(i -> (calls.get(i).atNanos() - calls.get(i - 1).atNanos()) / 1_000_000)
        .max()
        .orElse(0);
  }
}
