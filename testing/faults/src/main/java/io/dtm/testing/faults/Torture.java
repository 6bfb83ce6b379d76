package io.dtm.testing.faults;

import io.dtm.testing.databases.StorePlace;
import io.dtm.testing.faults.Disturbances.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Several servers behind a load balancer over one store, under mixed load of all modes, while
 * servers, database and connections are treated roughly; and a look afterwards, by somebody who was
 * not part of it, at what came of everything that was acknowledged.
 */
final class Torture {
  /** Prepared transactions are turned back after 35 s, then called; a lease may come on top. */
  private static final Duration END_LIMIT = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(90);

  private static final Map<String, String> SETTINGS =
      Map.of("STORE_CONNECT_TIMEOUT", "3", "STORE_REQUEST_TIMEOUT", "2", "LOG_LEVEL", "warn");

  private final TorturePlan plan;
  private final Path folder;
  private final Chronicle chronicle = new Chronicle();
  private final Disturbances disturbances = new Disturbances();

  /**
   * @param folder for logs, and for the store where it is one
   */
  Torture(TorturePlan plan, Path folder) {
    this.plan = plan;
    this.folder = folder;
  }

  TortureReport run() throws Exception {
    var begun = System.nanoTime();
    var random = new Random(plan.seed());
    var client = Api.newClient();
    try (var place = StorePlace.open(plan.store(), folder.resolve("data"));
        var participant = new RecordingParticipant();
        var wayToParticipant = new TcpProxy(participant.port());
        var wayToDatabase = wayToDatabase(place);
        var nodes = new Nodes(url(place, wayToDatabase), SETTINGS, folder, client)) {
      participant.isReachedThrough(wayToParticipant.port());
      nodes.start(plan.nodes());
      nodes.awaitAll();
      try (var balancer = LoadBalancer.start(nodes.ports(), folder.resolve("balancer"));
          var clients = new MixedClients(client, balancer, chronicle, participant, plan.pause())) {
        var database = place.database().orElse(null);
        var targets = new Tormentor.Targets(nodes, database, wayToDatabase, wayToParticipant);
        var unexpected = underLoad(clients, targets, random);
        var ends =
            Ends.await(new Api(client, balancer.baseUrl()), chronicle, participant, END_LIMIT);
        var judge = new Judge(disturbances);
        judge.judge(chronicle, ends, participant);
        return new TortureReport(
            plan,
            Duration.ofNanos(System.nanoTime() - begun),
            chronicle,
            TortureReport.count(chronicle, ends),
            happened(),
            judge,
            unexpected);
      }
    }
  }

  private static @Nullable TcpProxy wayToDatabase(StorePlace place) throws Exception {
    var database = place.database();
    return database.isPresent() ? new TcpProxy(database.get().port()) : null;
  }

  private static String url(StorePlace place, @Nullable TcpProxy way) {
    return way == null
        ? place.url()
        : place.url().replace(":" + place.database().orElseThrow().port(), ":" + way.port());
  }

  private List<String> underLoad(MixedClients clients, Tormentor.Targets targets, Random random)
      throws Exception {
    var over = new AtomicBoolean();
    clients.start(plan.clients(), new Random(random.nextLong()), over::get);
    try (var tormentor = new Tormentor(targets, disturbances, new Random(random.nextLong()))) {
      tormentor.torment(plan.disturbances());
      awaitAcknowledgements();
    } finally {
      over.set(true);
    }
    clients.finish();
    return clients.unexpected();
  }

  private void awaitAcknowledgements() {
    long last = -1;
    var deadline = System.nanoTime() + PROGRESS_LIMIT.toNanos();
    while (chronicle.acknowledged() < plan.transactions()) {
      if (chronicle.acknowledged() > last) {
        last = chronicle.acknowledged();
        deadline = System.nanoTime() + PROGRESS_LIMIT.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "no transaction was acknowledged for %s (%d so far)".formatted(PROGRESS_LIMIT, last));
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private Map<String, Integer> happened() {
    var counts = new TreeMap<String, Integer>();
    for (var kind : Kind.values()) {
      counts.put(kind.toString(), disturbances.of(kind).size());
    }
    return counts;
  }
}
