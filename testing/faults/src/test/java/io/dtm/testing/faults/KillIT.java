package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills the real process at random moments under load and looks afterwards whether everything that
 * was acknowledged came to its end. How often: the system property {@code dtm.kills}.
 */
class KillIT {
  private static final int CLIENTS = 16;

  /** So many acknowledgements at least before each kill, and of each flow one. */
  private static final int SIGN_OF_LIFE = 30;

  private static final Duration LIFE_LIMIT = Duration.ofSeconds(30);
  private static final Duration END_LIMIT = Duration.ofMinutes(1);

  @TempDir Path folder;

  private final HttpClient client = Api.newClient();
  private final Ledger ledger = new Ledger("kill-");

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void losesNothingThatItAcknowledged(StoreKind kind) throws Exception {
    int kills = Integer.getInteger("dtm.kills", usualKills(kind));
    long seed = System.nanoTime();
    System.out.printf("KillIT: %s, %d kills, seed %d%n", kind, kills, seed);
    var random = new Random(seed);

    try (var place = StorePlace.open(kind, folder.resolve("data"));
        var participant = new RecordingParticipant()) {
      for (int kill = 0; kill < kills; kill++) {
        try (var server = start(place)) {
          killUnderLoad(server, participant, random);
        }
      }
      try (var server = start(place)) {
        ledger.awaitEnds(new Api(client, server.baseUrl()), END_LIMIT, participant);
        System.out.printf(
            "KillIT: %s, %d begun, %d acknowledged to their last request%n",
            kind, ledger.begun(), ledger.acknowledged());
        ledger.check(participant);
        assertThat(server.terminate(Duration.ofSeconds(15))).isIn(0, 143);
      }
    }
  }

  private static int usualKills(StoreKind kind) {
    return switch (kind) {
      case ROCKSDB -> 5;
      case MYSQL, POSTGRES, REDIS -> 2;
      case REDIS_CLUSTER -> 1;
    };
  }

  private ServerProcess start(StorePlace place) throws Exception {
    return ServerProcess.start(place.url(), folder.resolve("server.log"), client);
  }

  private void killUnderLoad(ServerProcess server, RecordingParticipant participant, Random random)
      throws Exception {
    var over = new AtomicBoolean();
    var api = new Api(client, server.baseUrl());
    var ends = new ArrayList<Future<?>>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        long seed = random.nextLong();
        ends.add(clients.submit(() -> submitUntil(over, api, participant, new Random(seed))));
      }
      awaitAcknowledgements();
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(900)).toNanos());
      server.kill();
      over.set(true);
    }
    for (var end : ends) {
      end.get();
    }
  }

  /** A server that has just started is slow at first, above all on a busy machine. */
  private void awaitAcknowledgements() {
    int wanted = ledger.acknowledged() + SIGN_OF_LIFE;
    var deadline = System.nanoTime() + LIFE_LIMIT.toNanos();
    while ((ledger.acknowledged() < wanted || !ledger.hasEveryFlow())
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private void submitUntil(
      AtomicBoolean over, Api api, RecordingParticipant participant, Random random) {
    var flows = Flow.values();
    for (int next = random.nextInt(flows.length); !over.get(); next++) {
      var flow = flows[next % flows.length];
      var gid = ledger.begin(flow);
      try {
        if (isAcknowledged(api, flow.requests(gid, participant))) {
          ledger.acknowledge(gid);
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

  private static boolean isAcknowledged(Api api, List<Flow.Request> requests)
      throws IOException, InterruptedException {
    for (var request : requests) {
      var reply = api.post(request);
      if (reply.statusCode() != 200) {
        assertThat(reply.statusCode()).as("%s: %s", request, reply.body()).isEqualTo(503);
        return false;
      }
    }
    return true;
  }
}
