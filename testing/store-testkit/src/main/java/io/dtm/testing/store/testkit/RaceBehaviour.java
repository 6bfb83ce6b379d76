package io.dtm.testing.store.testkit;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Many at once: every race has exactly one winner. */
interface RaceBehaviour extends StoreBehaviour {
  int THREADS = 8;

  @Test
  default void ofManyCreationsOfOneGidExactlyOneWins() throws Exception {
    for (int round = 0; round < 20; round++) {
      var gid = "saga-" + round;
      var tasks = new ArrayList<Callable<WriteOutcome>>();
      for (int i = 0; i < THREADS; i++) {
        var mine = aSaga(gid).step("step-of-" + i).build();
        tasks.add(() -> write(new WriteCommand.Create(mine)));
      }

      var outcomes = Crowd.run(tasks);

      var winner = stored(gid);
      assertThat(outcomes).filteredOn(WriteOutcome.Applied.class::isInstance).hasSize(1);
      assertThat(outcomes)
          .filteredOn(WriteOutcome.Conflict.class::isInstance)
          .hasSize(THREADS - 1)
          .containsOnly(new WriteOutcome.Conflict(winner));
    }
  }

  @Test
  default void ofManyUpdatesOfOneVersionExactlyOneWins() throws Exception {
    create(aSaga("a").step("debit"));
    Set<Long> won = ConcurrentHashMap.newKeySet();
    var tasks = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < THREADS; i++) {
      tasks.add(() -> {
        int wins = 0;
        for (int attempt = 0; attempt < 50; attempt++) {
          var before = stored("a");
          var after = before.nextVersion(clock().instant());
          if (write(new WriteCommand.Update(before, after)) instanceof WriteOutcome.Applied) {
            assertThat(won.add(after.version())).as("version %d", after.version()).isTrue();
            wins++;
          }
        }
        return wins;
      });
    }

    int wins = Crowd.run(tasks).stream().mapToInt(Integer::intValue).sum();

    assertThat(wins).isPositive();
    assertThat(stored("a").version()).isEqualTo(1 + wins);
  }

  @Test
  default void noTransactionIsClaimedTwiceByConcurrentScans() throws Exception {
    int count = 400;
    for (int i = 0; i < count; i++) {
      create(aSaga("saga-" + i).step("debit").dueAt(clock().instant()));
    }
    var tasks = new ArrayList<Callable<List<String>>>();
    for (int i = 0; i < THREADS; i++) {
      var node = "node-" + i;
      tasks.add(() -> {
        var mine = new ArrayList<String>();
        while (true) {
          var due = store().claimDue(node, Duration.ofMinutes(1), 7);
          if (due.claimed().isEmpty()) {
            return mine;
          }
          for (var saga : due.claimed()) {
            assertThat(saga.schedule().claimedBy()).isEqualTo(node);
            mine.add(saga.gid().value());
          }
        }
      });
    }

    var claimed = Crowd.run(tasks).stream().flatMap(List::stream).toList();

    assertThat(claimed).doesNotHaveDuplicates().hasSize(count);
  }

  @Test
  default void scansAndWritersDoNotDisturbEachOther() throws Exception {
    int perWriter = 60;
    var tasks = new ArrayList<Callable<List<String>>>();
    for (int i = 0; i < THREADS / 2; i++) {
      var prefix = "writer-" + i + "-";
      tasks.add(() -> {
        var created = new ArrayList<String>();
        for (int n = 0; n < perWriter; n++) {
          create(aSaga(prefix + n).step("debit", "credit").dueAt(clock().instant()));
          created.add(prefix + n);
        }
        return created;
      });
    }
    for (int i = 0; i < THREADS / 2; i++) {
      var node = "node-" + i;
      tasks.add(() -> {
        for (int scans = 0; scans < 200; scans++) {
          for (var saga : store().claimDue(node, Duration.ofMinutes(1), 5).claimed()) {
            succeed(saga);
          }
        }
        return List.of();
      });
    }

    var created = new HashSet<>(Crowd.run(tasks).stream().flatMap(List::stream).toList());
    for (var saga : store().claimDue("last", Duration.ofMinutes(1), created.size()).claimed()) {
      succeed(saga);
    }

    assertThat(created).hasSize(perWriter * THREADS / 2);
    for (var gid : created) {
      var saga = stored(gid);
      assertThat(saga.status().isFinal()).as("%s is finished", gid).isTrue();
      assertThat(saga.version()).as("%s: created, claimed, finished", gid).isEqualTo(3);
    }
    assertThat(store().claimDue("last", Duration.ofMinutes(1), 1).nextDueAt()).isNull();
  }
}
