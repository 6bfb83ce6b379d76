package io.dtm.server.store.rocksdb;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

/** Opening, closing, and what happens to what is under way. */
final class StoreLifeTest {
  private static final Duration LEASE = Duration.ofMinutes(5);

  private final SettableClock clock = new SettableClock();
  @TempDir private Path folder;

  private RocksDbTransactionStore open() {
    return RocksDbTransactionStore.open(folder, clock, RocksDbStoreConfig.defaults());
  }

  private static void create(RocksDbTransactionStore store, GlobalTransaction... sagas) {
    var commands = new ArrayList<WriteCommand>();
    for (var saga : sagas) {
      commands.add(new WriteCommand.Create(saga));
    }
    assertThat(store.apply(commands)).containsOnly(new WriteOutcome.Applied());
  }

  @Test
  void leasesOfTheDeadProcessAreVoid() {
    var far = clock.instant().plusSeconds(1_000);
    var idle = aSaga("idle").dueAt(far).build();
    try (var store = open()) {
      create(
          store,
          aSaga("claimed").step("debit").dueAt(clock.instant()).build(),
          aSaga("born claimed").claimedBy("dead", far).rollbackReason("no money").build(),
          idle);
      assertThat(store.claimDue("dead", LEASE, 10).claimed()).hasSize(1);
      clock.advance(Duration.ofSeconds(1));
    }

    try (var store = open()) {
      var claimed = store.find(new Gid("claimed")).orElseThrow();
      assertThat(claimed.version()).isEqualTo(3);
      assertThat(claimed.schedule().isClaimed()).isFalse();
      assertThat(claimed.branches()).hasSize(2);
      assertThat(store.find(new Gid("idle"))).contains(idle);

      var due = store.claimDue("new", LEASE, 10);

      assertThat(due.claimed())
          .extracting(saga -> saga.gid().value())
          .containsExactlyInAnyOrder("claimed", "born claimed");
      assertThat(due.claimed())
          .extracting(saga -> saga.progress().rollbackReason())
          .containsExactlyInAnyOrder("", "no money");
    }
  }

  @Test
  void everyCallAfterCloseIsRefused() {
    var store = open();
    var saga = aSaga("a").build();
    create(store, saga);

    store.close();
    store.close();

    for (var call :
        List.<ThrowingCallable>of(
            () -> store.find(saga.gid()),
            () -> store.apply(List.of(new WriteCommand.Create(saga))),
            () -> store.claimDue("n", LEASE, 1),
            () -> store.makeDue(LEASE, 1),
            () -> store.list(TransactionFilter.all(), "", 1),
            () -> store.deleteFinished(TransactionStatus.SUCCEEDED, clock.instant(), 1),
            () -> store.findEntry("a", "b"),
            () -> store.listEntries("", "", 1),
            () -> store.putEntry("a", "b", "c", 0),
            () -> store.deleteEntry("a", "b", 1))) {
      assertThatThrownBy(call)
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContainingAll(folder.toString(), "closed");
    }
  }

  @Test
  void closingWaitsForCallsThatRunAndRefusesTheRest() throws Exception {
    for (int round = 0; round < 5; round++) {
      var store = open();
      var underWay = new CountDownLatch(6);
      var calls = new ArrayList<Future<Integer>>();
      try (var platform = Executors.newFixedThreadPool(3);
          var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 3; i++) {
          var prefix = "saga-%d-%d-".formatted(round, i);
          calls.add(platform.submit(untilClosed(store, prefix + "p-", underWay)));
          calls.add(virtual.submit(untilClosed(store, prefix + "v-", underWay)));
        }
        assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();

        store.close();
      }

      for (var call : calls) {
        assertThat(call.get()).isPositive();
      }
    }
  }

  private Callable<Integer> untilClosed(
      RocksDbTransactionStore store, String prefix, CountDownLatch underWay) {
    return () -> {
      int acknowledged = 0;
      try {
        while (true) {
          var saga = aSaga(prefix + acknowledged).step("debit").dueAt(clock.instant()).build();
          create(store, saga);
          assertThat(store.find(saga.gid())).isPresent();
          store.list(TransactionFilter.all(), "", 5);
          store.claimDue("node", LEASE, 2);
          acknowledged++;
          if (acknowledged == 1) {
            underWay.countDown();
          }
        }
      } catch (StoreUnavailable e) {
        return acknowledged;
      }
    };
  }

  @Test
  void virtualThreadsReadAndWriteByWayOfPlatformThreads() throws Exception {
    try (var store = open();
        var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<?>>();
      for (int i = 0; i < 200; i++) {
        var saga = aSaga("saga-" + i).step("debit").build();
        calls.add(
            virtual.submit(() -> {
              create(store, saga);
              assertThat(store.find(saga.gid())).contains(saga);
            }));
      }
      for (var call : calls) {
        call.get();
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .contains("rocksdb-read-0")
          .filteredOn(name -> name.startsWith("rocksdb-read-"))
          .hasSizeLessThanOrEqualTo(RocksDbStoreConfig.READ_THREADS);
    }
  }

  @Test
  void anInterruptedVirtualThreadIsToldSoAndHarmsNobody() throws Exception {
    try (var store = open()) {
      create(store, aSaga("a").build());
      var seen = new ArrayList<Throwable>();
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                Thread.currentThread().interrupt();
                try {
                  store.find(new Gid("a"));
                } catch (StoreUnavailable e) {
                  seen.add(e);
                  assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
              });
      thread.join();

      assertThat(seen).hasSize(1);
      assertThat(store.find(new Gid("a"))).isPresent();
    }
  }

  @Test
  void anUnreadableTransactionStopsNobodyElse() throws Exception {
    try (var store = open()) {
      create(
          store,
          aSaga("bad").dueAt(clock.instant().minusSeconds(1)).build(),
          aSaga("good").dueAt(clock.instant()).build());
    }
    try (var database = new Database(folder.resolve("db"), RocksDbStoreConfig.defaults());
        var batch = new WriteBatch()) {
      batch.put(database.handle(Table.DEFINITION), Keys.gid(new Gid("bad")), new byte[] {9, 1, 2});
      database.writeDurably(batch);
    }

    try (var store = open()) {
      assertThatThrownBy(() -> store.find(new Gid("bad")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("definition of bad: format 9 (supported: 1 to 2)");
      assertThat(store.claimDue("n", LEASE, 10).claimed())
          .extracting(saga -> saga.gid().value())
          .containsExactly("good");
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions())
          .extracting(saga -> saga.gid().value())
          .containsExactly("good");
    }
  }

  @Test
  void aStaleIndexKeyTakesNothingOutOfTheHandsOfItsNode() throws Exception {
    var later = clock.instant().plusSeconds(600);
    var leased = aSaga("leased").claimedBy("node", later).build();
    var gid = Keys.gid(leased.gid());
    // Both times the store would have to trust a key that no write of its own leaves behind.
    var staleDue = Keys.time(clock.instant(), 7, gid);
    var staleFinished = Keys.time(clock.instant(), 1, gid);
    try (var inside = new Tables(folder)) {
      inside.replace(null, List.of(leased));
      try (var batch = new WriteBatch()) {
        batch.put(inside.database.handle(Table.DUE), staleDue, new byte[] {0});
        batch.put(inside.database.handle(Table.SUCCEEDED), staleFinished, new byte[0]);
        inside.database.write(batch);
      }

      var due = inside.scans.claimDue(inside.database, clock.instant(), 10, saga -> saga);

      assertThat(due.claimed()).isEmpty();
      assertThat(due.nextDueAt()).isEqualTo(later);
      assertThat(
              inside.scans.deleteFinished(inside.database, TransactionStatus.SUCCEEDED, later, 10))
          .isZero();
    }
  }

  @Test
  void aBatchOfManyMebibytesIsWrittenInParts() {
    try (var store = open()) {
      var commands = new ArrayList<WriteCommand>();
      for (int i = 0; i < 12; i++) {
        commands.add(
            new WriteCommand.Create(
                aSaga("saga-" + i).rollbackReason("x".repeat(6 << 20)).build()));
      }

      assertThat(store.apply(commands)).hasSize(12).containsOnly(new WriteOutcome.Applied());

      for (var command : commands) {
        assertThat(store.find(command.gid()))
            .contains(((WriteCommand.Create) command).transaction());
      }
    }
  }
}
