package io.dtm.server.store.jdbc;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.Crowd;
import io.dtm.testing.store.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores of several nodes over one database. */
final class SeveralNodesTest {
  private static final int NODES = 2;
  private static final int THREADS_PER_NODE = 4;

  private final SettableClock clock = new SettableClock();

  @ParameterizedTest
  @EnumSource
  void claimWithoutOverlapWhileOthersWrite(TestDatabase kind) throws Exception {
    int writers = 2;
    int perWriter = 1_000;
    int scansMax = 100_000;
    Queue<String> claimed = new ConcurrentLinkedQueue<>();

    onNodes(
        kind.newDatabase(),
        stores -> {
          var tasks = new ArrayList<Callable<Void>>();
          for (int i = 0; i < writers; i++) {
            var writer = "writer-" + i + "-";
            tasks.add(() -> {
              for (int n = 0; n < perWriter; n += 50) {
                var store = stores.get((n / 50) % NODES);
                store.apply(
                    IntStream.range(n, n + 50).mapToObj(k -> creation(writer + k)).toList());
              }
              return null;
            });
          }
          for (int i = 0; i < NODES * THREADS_PER_NODE; i++) {
            var store = stores.get(i % NODES);
            var node = "node-" + i;
            tasks.add(() -> {
              for (int n = 0; n < scansMax && claimed.size() < writers * perWriter; n++) {
                store.claimDue(node, Duration.ofMinutes(1), 37).claimed().stream()
                    .map(saga -> saga.gid().value())
                    .forEach(claimed::add);
              }
              return null;
            });
          }
          return Crowd.run(tasks);
        });

    assertThat(claimed).hasSize(writers * perWriter).doesNotHaveDuplicates();
  }

  private WriteCommand creation(String gid) {
    return new WriteCommand.Create(aSaga(gid).step("debit").dueAt(clock.instant()).build());
  }

  /** Batches lock the same rows in different orders, with statements of different shapes. */
  @ParameterizedTest
  @EnumSource
  void ofWritersInEachOthersWayExactlyOneWinsEachVersion(TestDatabase kind) throws Exception {
    // PostgreSQL lets those who stop each other wait for a second.
    int rounds = kind == TestDatabase.POSTGRESQL ? 5 : 25;
    var gids = IntStream.range(0, 12).mapToObj(i -> new Gid("saga-" + i)).toList();
    Queue<String> won = new ConcurrentLinkedQueue<>();

    onNodes(
        kind.newDatabase(),
        stores -> {
          stores.getFirst().apply(gids.stream().map(gid -> creation(gid.value())).toList());
          var tasks = new ArrayList<Callable<Void>>();
          for (int i = 0; i < NODES * THREADS_PER_NODE / 2; i++) {
            var store = stores.get(i % NODES);
            var random = new Random(i);
            tasks.add(() -> {
              for (int round = 0; round < rounds; round++) {
                var batch = updates(store, gids, random);
                var outcomes = store.apply(List.copyOf(batch));
                for (int k = 0; k < batch.size(); k++) {
                  if (outcomes.get(k) instanceof WriteOutcome.Applied) {
                    won.add(batch.get(k).after().gid() + " " + batch.get(k).after().version());
                  }
                }
              }
              return null;
            });
          }
          Crowd.run(tasks);

          assertThat(won).isNotEmpty().doesNotHaveDuplicates();
          for (var gid : gids) {
            long wins = won.stream().filter(win -> win.startsWith(gid + " ")).count();
            assertThat(stores.getFirst().find(gid).orElseThrow().version()).isEqualTo(1 + wins);
          }
          return won;
        });
  }

  private List<WriteCommand.Update> updates(TransactionStore store, List<Gid> gids, Random random) {
    var order = new ArrayList<>(gids);
    Collections.shuffle(order, random);
    return order.stream()
        .limit(2 + random.nextInt(gids.size() - 2))
        .map(gid -> update(store.find(gid).orElseThrow(), random))
        .toList();
  }

  private WriteCommand.Update update(GlobalTransaction before, Random random) {
    var changed =
        switch (random.nextInt(3)) {
          case 0 -> before;
          case 1 -> before.withAppended(aSaga("a").step("more").build().branches());
          default -> before.withDefinition(aSaga(before.gid().value()).build().definition());
        };
    return new WriteCommand.Update(before, changed.nextVersion(clock.instant()));
  }

  private interface OnNodes {
    Object work(List<JdbcTransactionStore> stores) throws Exception;
  }

  private void onNodes(String url, OnNodes work) throws Exception {
    var stores = new ArrayList<JdbcTransactionStore>();
    try {
      for (int i = 0; i < NODES; i++) {
        stores.add(JdbcTransactionStore.open(TestDatabase.config(url), clock));
      }
      work.work(stores);
    } finally {
      stores.forEach(JdbcTransactionStore::close);
    }
  }
}
