package io.dtm.server.store.mongo;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.SettableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is told what when writes meet each other, or are carried out twice. */
final class MongoWritesTest {
  private static final WriteOutcome APPLIED = new WriteOutcome.Applied();
  private static final WriteOutcome MISSING = new WriteOutcome.Missing();

  private final TestServer server = TestServer.start();
  private final SettableClock clock = new SettableClock();
  private final MongoTransactionStore store = MongoTransactionStore.open(server.config(), clock);
  private final InterceptedCollection collection =
      new InterceptedCollection(server.collection("dtm_transactions"));
  private final Writes writes =
      new Writes(
          collection.collection(),
          new TransactionDocuments(server.config()),
          new Failures(server.config()));

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private GlobalTransaction create(String gid) {
    var saga = aSaga(gid).step("debit").build();
    assertThat(store.apply(List.of(new WriteCommand.Create(saga)))).containsExactly(APPLIED);
    return saga;
  }

  private WriteCommand.Update updateOf(GlobalTransaction before) {
    return new WriteCommand.Update(before, before.nextVersion(clock.instant()));
  }

  private GlobalTransaction stored(GlobalTransaction like) {
    return store.find(like.gid()).orElseThrow();
  }

  /** Others write that many versions on top of what is stored. */
  private void overtake(GlobalTransaction like, int versions) {
    for (int i = 0; i < versions; i++) {
      assertThat(store.apply(List.of(updateOf(stored(like))))).containsExactly(APPLIED);
    }
  }

  private static GlobalTransaction withBranch(GlobalTransaction before, String name) {
    var branch =
        Branch.planned(name, Operation.ACTION, "http://late", Payload.empty(), SettableClock.START);
    return before.withAppended(List.of(branch));
  }

  @Test
  void inOneBatchEachCommandHasItsOwnOutcome() {
    var winner = create("winner");
    var loser = create("loser");
    overtake(loser, 1);
    var taken = create("taken");
    var gone = aSaga("gone").build();
    var fresh = aSaga("fresh").build();

    var outcomes =
        writes.apply(
            List.of(
                updateOf(loser),
                new WriteCommand.Create(taken),
                updateOf(winner),
                updateOf(gone),
                new WriteCommand.Create(fresh),
                updateOf(fresh)));

    assertThat(outcomes)
        .containsExactly(
            new WriteOutcome.Conflict(stored(loser)),
            new WriteOutcome.Conflict(taken),
            APPLIED,
            MISSING,
            APPLIED,
            APPLIED);
  }

  @Test
  void aWriteThatIsOvertakenBeforeItIsLookedAtIsStillReportedAsApplied() {
    var saga = create("overtaken");
    var loser = create("loser");
    overtake(loser, 1);
    collection.afterNext(() -> overtake(saga, 7));

    var outcomes = writes.apply(List.of(updateOf(saga), updateOf(loser)));

    assertThat(outcomes).containsExactly(APPLIED, new WriteOutcome.Conflict(stored(loser)));
    assertThat(stored(saga).version()).isEqualTo(9);
  }

  @Test
  void aWriteThatIsOvertakenManyTimesLosesToAStateThatContainsIt() {
    var saga = create("overtaken");
    var loser = create("loser");
    overtake(loser, 1);
    collection.afterNext(() -> overtake(saga, 8));
    var extended = withBranch(saga, "late").nextVersion(clock.instant());

    var outcomes = writes.apply(List.of(new WriteCommand.Update(saga, extended), updateOf(loser)));

    assertThat(outcomes.getFirst()).isEqualTo(new WriteOutcome.Conflict(stored(saga)));
    assertThat(stored(saga).branches()).extracting(Branch::branchId).contains("late");
  }

  @Test
  void aBatchThatIsSentTwiceIsAppliedOnce() {
    var saga = create("old");
    var fresh = aSaga("fresh").step("debit").build();
    collection.next(write -> {
      write.carryOut();
      return write.carryOut();
    });
    var extended = withBranch(saga, "late").nextVersion(clock.instant());

    var outcomes =
        writes.apply(
            List.of(new WriteCommand.Create(fresh), new WriteCommand.Update(saga, extended)));

    assertThat(outcomes).containsExactly(APPLIED, APPLIED);
    assertThat(stored(fresh)).isEqualTo(fresh);
    assertThat(stored(saga)).isEqualTo(extended);
  }

  @Test
  void aCreationWhoseRivalIsDeletedMeanwhileIsTriedAgain() {
    var rival = aSaga("a").finished(TransactionStatus.FAILED, clock.instant()).build();
    store.apply(List.of(new WriteCommand.Create(rival)));
    collection.afterNext(() ->
        assertThat(
                store.deleteFinished(TransactionStatus.FAILED, clock.instant().plusSeconds(1), 1))
            .isEqualTo(1));
    var saga = aSaga("a").step("debit").build();

    var outcomes = writes.apply(List.of(new WriteCommand.Create(saga)));

    assertThat(outcomes).containsExactly(APPLIED);
    assertThat(stored(saga)).isEqualTo(saga);
  }

  @Test
  void anUpdateFromAnEarlierLifeOfTheGidLoses() {
    var first = create("a");
    var ended = first.movedTo(TransactionStatus.SUCCEEDED, "", clock.instant());
    store.apply(List.of(new WriteCommand.Update(first, ended.nextVersion(clock.instant()))));
    var later = clock.instant().plusSeconds(1);
    assertThat(store.deleteFinished(TransactionStatus.SUCCEEDED, later, 1)).isEqualTo(1);
    var second = aSaga("a").createdAt(later).build();
    store.apply(List.of(new WriteCommand.Create(second)));

    var outcomes = writes.apply(List.of(updateOf(first)));

    assertThat(outcomes).containsExactly(new WriteOutcome.Conflict(second));
    assertThat(stored(second)).isEqualTo(second);
  }

  @Test
  void whatNoDocumentCanHoldIsRefusedAlone() {
    var payload = Payload.of(new byte[17 << 20]);
    var large = aSaga("large").payload(payload).step("debit").build();
    var small = aSaga("small").build();

    var outcomes =
        writes.apply(List.of(new WriteCommand.Create(large), new WriteCommand.Create(small)));

    assertThat(outcomes.getLast()).isEqualTo(APPLIED);
    assertThat(outcomes.getFirst())
        .isInstanceOfSatisfying(
            WriteOutcome.Refused.class,
            refused ->
                assertThat(refused.why())
                    .contains("large: takes 178", "expected: at most 16711680"));
    assertThat(store.find(large.gid())).isEmpty();
  }

  /**
   * Eight writers on stores of their own, as nodes are, write batches over the same transactions.
   * Each appends a branch of its own name; what is stored in the end must be exactly what the
   * writers were told: that it was applied, or (when overtaken too often to be sure) that it lost
   * to a state in which it is.
   */
  @Test
  void inARaceOfNodesEveryOutcomeIsTrue() throws Exception {
    int writers = 8;
    int gids = 5;
    int rounds = 30;
    for (int i = 0; i < gids; i++) {
      create("saga-" + i);
    }
    Queue<String> told = new ConcurrentLinkedQueue<>();
    var barrier = new CyclicBarrier(writers);
    try (var executor = Executors.newFixedThreadPool(writers)) {
      var futures = new ArrayList<Future<?>>();
      for (int w = 0; w < writers; w++) {
        var name = "writer-" + w;
        futures.add(
            executor.submit(() -> {
              try (var mine = MongoTransactionStore.open(server.config(), clock)) {
                barrier.await(60, TimeUnit.SECONDS);
                for (int round = 0; round < rounds; round++) {
                  writeToAll(mine, gids, name + "-" + round, told);
                }
              }
              return null;
            }));
      }
      for (var future : futures) {
        future.get(60, TimeUnit.SECONDS);
      }
    }

    var stored = new ArrayList<String>();
    for (int i = 0; i < gids; i++) {
      var saga = stored(aSaga("saga-" + i).build());
      var late = saga.branches().subList(2, saga.branches().size());
      late.forEach(branch -> stored.add(saga.gid() + ":" + branch.branchId()));
      assertThat(saga.version()).isEqualTo(1 + late.size());
    }
    assertThat(told).containsExactlyInAnyOrderElementsOf(stored);
    assertThat(told).hasSizeGreaterThanOrEqualTo(gids * rounds);
  }

  private void writeToAll(MongoTransactionStore mine, int gids, String name, Queue<String> told) {
    var batch = new ArrayList<WriteCommand>();
    for (int i = 0; i < gids; i++) {
      var before = mine.find(aSaga("saga-" + i).build().gid()).orElseThrow();
      batch.add(
          new WriteCommand.Update(before, withBranch(before, name).nextVersion(clock.instant())));
    }
    var outcomes = mine.apply(batch);
    for (int i = 0; i < gids; i++) {
      switch (outcomes.get(i)) {
        case WriteOutcome.Applied unused -> told.add(batch.get(i).gid() + ":" + name);
        case WriteOutcome.Conflict conflict -> {
          var saga = conflict.stored();
          assertThat(saga.version())
              .isGreaterThanOrEqualTo(((WriteCommand.Update) batch.get(i)).after().version());
          if (saga.branches().stream().anyMatch(branch -> branch.branchId().equals(name))) {
            told.add(saga.gid() + ":" + name);
          }
        }
        case WriteOutcome.Unreadable(var why) -> throw new AssertionError(why);
        case WriteOutcome.Locked(var why) -> throw new AssertionError(why);
        case WriteOutcome.Refused(var why) -> throw new AssertionError(why);
        case WriteOutcome.Missing unused -> throw new AssertionError(batch.get(i).gid().value());
      }
    }
  }
}
