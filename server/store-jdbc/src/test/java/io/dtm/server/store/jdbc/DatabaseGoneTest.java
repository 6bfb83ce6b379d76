package io.dtm.server.store.jdbc;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.dtm.server.core.Gid;
import io.dtm.server.core.Payload;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.databases.DatabaseServer;
import io.dtm.testing.store.testkit.Crowd;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that dies, stands still or refuses: nothing is lost, and the store finds back alone. */
final class DatabaseGoneTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The first kinds of message say that nothing was written, the last that nobody knows. */
  private static final String KNOWN_FAILURES =
      "(?s).*(no connection: |; nothing was written: |which may have happened or not: ).*";

  private static final int ATTEMPTS_MAX = 60;
  private static final int KILLS = 5;
  private static final int WRITERS = 4;
  private static final int BATCH = 40;

  private static final Map<TestDatabase, DatabaseServer> SERVERS =
      new EnumMap<>(TestDatabase.class);

  private static DatabaseServer server(TestDatabase kind) {
    return SERVERS.computeIfAbsent(kind, TestDatabase::start);
  }

  @AfterAll
  static void close() {
    SERVERS.values().forEach(DatabaseServer::close);
  }

  private static JdbcTransactionStore open(String url) {
    return JdbcTransactionStore.open(TestDatabase.config(url).withTimeouts(TIMEOUT, TIMEOUT));
  }

  private static List<WriteCommand> batch(String name) {
    return IntStream.range(0, BATCH)
        .<WriteCommand>mapToObj(
            i -> new WriteCommand.Create(aSaga(name + "-" + i).step("debit").build()))
        .toList();
  }

  private static long found(TransactionStore store, String batch) {
    return IntStream.range(0, BATCH)
        .filter(i -> store.find(new Gid(batch + "-" + i)).isPresent())
        .count();
  }

  /** Each attempt waits by itself for as long as it may wait for a connection. */
  private static void awaitItWorks(TransactionStore store) {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      try {
        store.find(new Gid("any"));
        return;
      } catch (StoreUnavailable e) {
        assertThat(e).hasMessageMatching(KNOWN_FAILURES);
      }
    }
    fail("still unavailable after %d attempts", ATTEMPTS_MAX);
  }

  /**
   * Writers go on through the deaths of their server. Each batch is whole or absent, and whole if
   * it was acknowledged.
   */
  @ParameterizedTest
  @EnumSource
  void killsUnderLoadLoseNothingThatWasAcknowledged(TestDatabase kind) throws Exception {
    var server = server(kind);
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    Queue<String> unknown = new ConcurrentLinkedQueue<>();
    var written = new Semaphore(0);
    var isOver = new AtomicBoolean();
    try (var store = open(kind.newDatabase(server))) {
      var tasks = new ArrayList<Callable<Void>>();
      for (int w = 0; w < WRITERS; w++) {
        var writer = "writer-" + w;
        tasks.add(() -> {
          for (int n = 0; !isOver.get(); n++) {
            var name = writer + "-" + n;
            try {
              assertThat(store.apply(batch(name))).containsOnly(new WriteOutcome.Applied());
              acknowledged.add(name);
              written.release();
            } catch (StoreUnavailable e) {
              assertThat(e).hasMessageMatching(KNOWN_FAILURES);
              unknown.add(name);
            }
          }
          return null;
        });
      }
      tasks.add(() -> {
        try {
          for (int i = 0; i < KILLS; i++) {
            written.drainPermits();
            assertThat(written.tryAcquire(2 * WRITERS, 60, TimeUnit.SECONDS))
                .as("writers go on after kill %d", i)
                .isTrue();
            server.kill();
            server.startAgain();
          }
          assertThat(written.tryAcquire(1, 60, TimeUnit.SECONDS)).isTrue();
        } finally {
          isOver.set(true);
        }
        return null;
      });

      Crowd.run(tasks);
      awaitItWorks(store);

      assertThat(acknowledged).hasSizeGreaterThan(KILLS);
      assertThat(acknowledged)
          .allSatisfy(batch -> assertThat(found(store, batch)).isEqualTo(BATCH));
      // None, when each kill met work before its commit, which is done again.
      assertThat(unknown)
          .allSatisfy(batch -> assertThat(found(store, batch)).isIn(0L, (long) BATCH));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatStandsStillIsGivenUpInTime(TestDatabase kind) {
    var server = server(kind);
    try (var store = open(kind.newDatabase(server))) {
      store.apply(batch("before"));
      long before = System.nanoTime();

      server.pause();
      try {
        assertThatThrownBy(() -> store.apply(batch("during")))
            .isInstanceOf(StoreUnavailable.class)
            .hasMessageMatching(KNOWN_FAILURES);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
            .isLessThan(TIMEOUT.multipliedBy(15));
      } finally {
        server.resume();
      }

      awaitItWorks(store);
      assertThat(found(store, "before")).isEqualTo(BATCH);
      assertThat(found(store, "during")).isIn(0L, (long) BATCH);
      assertThat(store.apply(batch("after"))).containsOnly(new WriteOutcome.Applied());
    }
  }

  @Test
  void whatIsTooLargeForTheServerSpoilsNotItsBatch() throws SQLException {
    var server = server(TestDatabase.MARIADB);
    var url = TestDatabase.MARIADB.newDatabase(server);
    TestDatabase.execute(url, "SET GLOBAL max_allowed_packet = 1048576");
    var large = Payload.of(new byte[1_500_000]);
    try (var store = open(url)) {
      var small = aSaga("small").build();
      var tooLarge = aSaga("large").payload(large).step("debit").build();

      var outcomes =
          store.apply(List.of(new WriteCommand.Create(tooLarge), new WriteCommand.Create(small)));

      assertThat(outcomes.getLast()).isEqualTo(new WriteOutcome.Applied());
      assertThat(outcomes.getFirst())
          .isInstanceOfSatisfying(
              WriteOutcome.Refused.class,
              refused ->
                  assertThat(refused.why()).contains("large: takes 150", "max_allowed_packet"));
      assertThat(store.find(tooLarge.gid())).isEmpty();
    } finally {
      TestDatabase.execute(url, "SET GLOBAL max_allowed_packet = 16777216");
    }
  }
}
