package io.dtm.testing.faults;

import static io.dtm.testing.faults.Disturbances.Kind.DATABASE_RESTART;
import static io.dtm.testing.faults.Disturbances.Kind.KILL;
import static io.dtm.testing.faults.Disturbances.Kind.PARTICIPANT_CUT;
import static io.dtm.testing.faults.Disturbances.Kind.PAUSE;

import io.dtm.testing.databases.DatabaseServer;
import io.dtm.testing.faults.Disturbances.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Kills and pauses servers, restarts the database and cuts connections, in an order and with gaps
 * that a seed decides. What it hits depends on what is there to be hit, as far as real processes
 * go.
 */
final class Tormentor implements AutoCloseable {
  private static final int GAP_MILLIS_MIN = 400;
  private static final int GAP_MILLIS_MAX = 3_600;

  /** Every so many-th pause is longer than a lease. */
  private static final int LONG_PAUSE_SHARE = 4;

  private static final Duration LONG_PAUSE = Duration.ofSeconds(12);
  private static final int SHORT_MILLIS_MAX = 1_500;
  private static final Duration MEND_LIMIT = Duration.ofMinutes(2);

  private final Targets targets;
  private final Disturbances disturbances;
  private final Random random;
  private final ExecutorService later = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What can be hit.
   *
   * @param database null where the store is a folder
   */
  record Targets(
      Nodes nodes,
      @Nullable DatabaseServer database,
      @Nullable TcpProxy wayToDatabase,
      TcpProxy wayToParticipant) {}

  Tormentor(Targets targets, Disturbances disturbances, Random random) {
    this.targets = targets;
    this.disturbances = disturbances;
    this.random = random;
  }

  /** Does all that, and waits until everything is whole again. */
  void torment(Map<Kind, Integer> counts) throws Exception {
    var plan = new ArrayList<Kind>();
    counts.forEach((kind, count) -> plan.addAll(Collections.nCopies(count, kind)));
    plan.sort(null);
    Collections.shuffle(plan, random);
    for (var kind : plan) {
      targets.nodes().awaitAny();
      rest(GAP_MILLIS_MIN + random.nextInt(GAP_MILLIS_MAX - GAP_MILLIS_MIN));
      strike(kind);
    }
    later.shutdown();
    if (!later.awaitTermination(MEND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("not mended after " + MEND_LIMIT);
    }
    targets.nodes().awaitAll();
  }

  private void strike(Kind kind) throws Exception {
    switch (kind) {
      case KILL -> kill();
      case PAUSE -> pause();
      case DATABASE_RESTART -> restartDatabase();
      case DATABASE_CUT -> cut(kind, targets.wayToDatabase());
      case PARTICIPANT_CUT -> cut(kind, targets.wayToParticipant());
    }
  }

  private void kill() throws Exception {
    var victim = targets.nodes().any(random);
    var at = System.nanoTime();
    victim.kill();
    disturbances.add(KILL, at, System.nanoTime());
  }

  private void pause() throws Exception {
    var victim = targets.nodes().any(random);
    boolean isLong = random.nextInt(LONG_PAUSE_SHARE) == 0;
    long millis = isLong ? LONG_PAUSE.toMillis() : 200 + random.nextInt(SHORT_MILLIS_MAX);
    var at = System.nanoTime();
    victim.pause();
    afterwards(() -> {
      rest(millis);
      victim.resume();
      disturbances.add(PAUSE, at, System.nanoTime());
    });
  }

  private void restartDatabase() {
    var database = targets.database();
    if (database != null) {
      var at = System.nanoTime();
      database.kill();
      rest(random.nextInt(SHORT_MILLIS_MAX));
      database.startAgain();
      disturbances.add(DATABASE_RESTART, at, System.nanoTime());
    }
  }

  private void cut(Kind kind, @Nullable TcpProxy way) {
    int millis = random.nextInt(SHORT_MILLIS_MAX);
    if (way != null) {
      var at = System.nanoTime();
      way.cut();
      rest(millis);
      way.mend();
      disturbances.add(kind, at, System.nanoTime());
    }
  }

  private interface Mending {
    void run() throws Exception;
  }

  private void afterwards(Mending mending) {
    var unused =
        later.submit(() -> {
          mending.run();
          return null;
        });
  }

  private static void rest(long millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  /** What it can do to a store of this kind, by how much of it is wished. */
  static List<Kind> kinds(boolean hasDatabase) {
    return hasDatabase ? List.of(Kind.values()) : List.of(KILL, PAUSE, PARTICIPANT_CUT);
  }

  @Override
  public void close() {
    later.shutdownNow();
  }
}
