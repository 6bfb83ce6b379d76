package io.dtm.testing.store.testkit;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.testing.store.testkit.StoreBehaviour.gids;
import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Claiming what is due, oldest first, each by one node at a time; and making things due early. */
interface DueBehaviour extends StoreBehaviour {
  Duration LEASE = Duration.ofSeconds(30);

  private List<GlobalTransaction> claim(int limit) {
    return store().claimDue("node-1", LEASE, limit).claimed();
  }

  private Instant now() {
    return clock().instant();
  }

  @Test
  default void anEmptyStoreHasNothingDue() {
    var due = store().claimDue("node-1", LEASE, 10);

    assertThat(due.claimed()).isEmpty();
    assertThat(due.nextDueAt()).isNull();
  }

  @Test
  default void claimsWhatIsDueAndNothingElse() {
    create(aSaga("past").dueAt(now().minusSeconds(5)));
    create(aSaga("now").dueAt(now()));
    create(aSaga("soon").dueAt(now().plusNanos(1_000)));
    create(aSaga("later").dueAt(now().plusSeconds(5)));

    var due = store().claimDue("node-1", LEASE, 10);

    assertThat(gids(due.claimed())).containsExactly("past", "now");
    assertThat(due.nextDueAt()).isEqualTo(now().plusNanos(1_000));
  }

  @Test
  default void claimsOldestFirstUpToTheLimit() {
    for (int i : new int[] {7, 2, 9, 4, 0, 8, 1, 6, 3, 5}) {
      create(aSaga("saga-" + i).dueAt(now().minusSeconds(100).plusMillis(i)));
    }

    assertThat(gids(claim(3))).containsExactly("saga-0", "saga-1", "saga-2");
    assertThat(gids(claim(4))).containsExactly("saga-3", "saga-4", "saga-5", "saga-6");
    assertThat(gids(claim(100))).containsExactly("saga-7", "saga-8", "saga-9");
    assertThat(claim(100)).isEmpty();
  }

  @Test
  default void claimsEverythingThatFallsDueAtTheSameInstant() {
    for (int i = 0; i < 50; i++) {
      create(aSaga("saga-" + i).dueAt(now()));
    }

    var claimed = new ArrayList<>(gids(claim(20)));
    claimed.addAll(gids(claim(20)));
    claimed.addAll(gids(claim(20)));

    assertThat(claimed).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  default void aClaimIsANewVersionInTheHandsOfTheNode() {
    var before = create(aSaga("a").step("debit", "credit").dueAt(now().minusSeconds(1)));

    var claimed = claim(1).getFirst();

    assertThat(claimed)
        .isEqualTo(
            before
                .withSchedule(before.schedule().claimed("node-1", now().plus(LEASE)))
                .nextVersion(now()));
    assertStored(claimed);
  }

  @Test
  default void aClaimHasTheWholeTransaction() {
    var first = create(aSaga("a").step("debit", "credit").dueAt(now()));
    var second =
        update(first, first.withBranch(1, first.branches().get(1).progress().succeeded(now())));

    var claimed = claim(1).getFirst();

    assertThat(claimed.branches()).isEqualTo(second.branches());
    assertThat(claimed.definition()).isEqualTo(second.definition());
  }

  @Test
  default void aWriteFromBeforeTheClaimLoses() {
    var before = create(aSaga("a").dueAt(now()));
    var claimed = claim(1).getFirst();

    var outcome = write(new WriteCommand.Update(before, before.nextVersion(now())));

    assertThat(outcome).isEqualTo(new WriteOutcome.Conflict(claimed));
  }

  @Test
  default void aLeasedTransactionIsDueAgainAfterTheLeaseOnly() {
    create(aSaga("a").dueAt(now()));
    assertThat(claim(1)).hasSize(1);

    assertThat(claim(1)).isEmpty();
    clock().advance(LEASE.minusNanos(1_000));
    assertThat(claim(1)).isEmpty();
    clock().advance(Duration.ofNanos(1_000));
    var again = store().claimDue("node-2", LEASE, 1).claimed();

    assertThat(gids(again)).containsExactly("a");
    assertThat(again.getFirst().version()).isEqualTo(3);
    assertThat(again.getFirst().schedule().claimedBy()).isEqualTo("node-2");
  }

  @Test
  default void aTransactionCreatedUnderALeaseIsLeftToItsNode() {
    create(aSaga("a").claimedBy("node-2", now().plus(LEASE)));

    assertThat(claim(1)).isEmpty();
    clock().advance(LEASE);

    assertThat(gids(claim(1))).containsExactly("a");
  }

  @Test
  default void finishedTransactionsAreNeverDue() {
    var saga = create(aSaga("a").dueAt(now()));
    create(aSaga("born finished").finished(FAILED, now()).dueAt(now()));
    fail(saga, "stopped");
    clock().advance(Duration.ofDays(100));

    var due = store().claimDue("node-1", LEASE, 10);

    assertThat(due.claimed()).isEmpty();
    assertThat(due.nextDueAt()).isNull();
    assertThat(store().makeDue(Duration.ofDays(-1_000), 10)).isEqualTo(new ResetOutcome(0, false));
  }

  @Test
  default void everyUnfinishedStatusFallsDue() {
    create(aSaga("prepared").status(PREPARED).dueAt(now().minusSeconds(3)));
    create(aSaga("submitted").dueAt(now().minusSeconds(2)));
    create(aSaga("aborting").status(ABORTING).dueAt(now().minusSeconds(1)));

    assertThat(gids(claim(10))).containsExactly("prepared", "submitted", "aborting");
  }

  @Test
  default void anUpdateMovesTheDueTime() {
    var early = create(aSaga("early").dueAt(now().plusSeconds(1)));
    var late = create(aSaga("late").dueAt(now().plusSeconds(100)));
    update(early, early.withSchedule(early.schedule().due(now().plusSeconds(100))));
    update(late, late.withSchedule(late.schedule().due(now().plusSeconds(1))));
    clock().advance(Duration.ofSeconds(2));

    var due = store().claimDue("node-1", Duration.ofSeconds(1_000), 10);

    assertThat(gids(due.claimed())).containsExactly("late");
    assertThat(due.nextDueAt()).isEqualTo(early.definition().createdAt().plusSeconds(100));
  }

  @Test
  default void anUpdateThatKeepsTheDueTimeKeepsItDueOnce() {
    var saga = create(aSaga("a").step("debit").dueAt(now()));
    for (int i = 0; i < 5; i++) {
      saga = update(saga, saga);
    }

    assertThat(gids(claim(10))).containsExactly("a");
    assertThat(claim(10)).isEmpty();
  }

  @Test
  default void saysWhenTheNextOneFallsDue() {
    create(aSaga("a").dueAt(now().plusSeconds(20)));
    create(aSaga("b").dueAt(now().plusSeconds(10)));
    create(aSaga("c").dueAt(now().plusSeconds(30)));

    assertThat(store().claimDue("node-1", LEASE, 10).nextDueAt()).isEqualTo(now().plusSeconds(10));
    assertThat(store().claimDue("node-1", LEASE, 0).nextDueAt()).isEqualTo(now().plusSeconds(10));
  }

  @Test
  default void theNextOneIsInThePastWhenMoreAreDueThanAskedFor() {
    create(aSaga("a").dueAt(now().minusSeconds(3)));
    create(aSaga("b").dueAt(now().minusSeconds(2)));
    create(aSaga("c").dueAt(now().minusSeconds(1)));

    assertThat(store().claimDue("node-1", LEASE, 1).nextDueAt()).isEqualTo(now().minusSeconds(2));
    assertThat(store().claimDue("node-1", LEASE, 1).nextDueAt()).isEqualTo(now().minusSeconds(1));
  }

  @Test
  default void theEndOfALeaseCountsAsTheNextDueTime() {
    create(aSaga("a").dueAt(now()));
    create(aSaga("b").dueAt(now().plus(LEASE).plusSeconds(1)));

    assertThat(store().claimDue("node-1", LEASE, 10).nextDueAt()).isEqualTo(now().plus(LEASE));
    assertThat(store().claimDue("node-1", LEASE, 10).nextDueAt()).isEqualTo(now().plus(LEASE));
  }

  @Test
  default void followsTheNextDueTimeThroughManyChanges() {
    var sagas = new ArrayList<GlobalTransaction>();
    for (int i = 0; i < 40; i++) {
      sagas.add(create(aSaga("saga-" + i).dueAt(now().plusSeconds(100 + i))));
    }
    for (int i = 0; i < 40; i++) {
      assertThat(store().claimDue("node-1", LEASE, 5).nextDueAt())
          .isEqualTo(now().plusSeconds(100 + i));
      succeed(sagas.get(i));
    }
    create(aSaga("early").dueAt(now().plusSeconds(1)));

    assertThat(store().claimDue("node-1", LEASE, 5).nextDueAt()).isEqualTo(now().plusSeconds(1));
    clock().advance(Duration.ofSeconds(1));
    assertThat(gids(claim(5))).containsExactly("early");
  }

  @Test
  default void aDueTimeBeforeAllOthersIsSeenEvenWhenTheClockHasPassedIt() {
    create(aSaga("first").dueAt(now()));
    assertThat(claim(5)).hasSize(1);

    create(aSaga("back then").dueAt(now().minus(Duration.ofDays(1))));

    assertThat(gids(claim(5))).containsExactly("back then");
  }

  @Test
  default void keepsDueTimesFarAway() {
    create(aSaga("far").dueAt(Instant.parse("9999-12-31T23:59:59Z")));
    create(aSaga("long ago").dueAt(Instant.parse("0001-01-01T00:00:00Z")));

    var due = store().claimDue("node-1", Duration.ofDays(365_000_000), 10);

    assertThat(gids(due.claimed())).containsExactly("long ago");
    assertThat(due.nextDueAt()).isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
  }

  @Test
  default void makesDueWhatWouldBeDueOnlyAfterTheThreshold() {
    create(aSaga("near").dueAt(now().plusSeconds(60)));
    var far = create(aSaga("far").step("debit").dueAt(now().plusSeconds(61)));

    var outcome = store().makeDue(Duration.ofSeconds(60), 10);

    assertThat(outcome).isEqualTo(new ResetOutcome(1, false));
    var reset = stored("far");
    assertThat(reset).isEqualTo(far.withSchedule(far.schedule().due(now())).nextVersion(now()));
    assertThat(gids(claim(10))).containsExactly("far");
  }

  @Test
  default void makesDueUpToTheLimitAndSaysWhetherSomeRemain() {
    for (int i = 0; i < 7; i++) {
      create(aSaga("saga-" + i).dueAt(now().plusSeconds(100 + i)));
    }

    assertThat(store().makeDue(Duration.ofSeconds(1), 3)).isEqualTo(new ResetOutcome(3, true));
    assertThat(store().makeDue(Duration.ofSeconds(1), 4)).isEqualTo(new ResetOutcome(4, false));
    assertThat(store().makeDue(Duration.ofSeconds(1), 4)).isEqualTo(new ResetOutcome(0, false));
    assertThat(claim(10)).hasSize(7);
  }

  @Test
  default void makingDueLeavesLeasedTransactionsAlone() {
    create(aSaga("claimed").dueAt(now()));
    var claimed = claim(1).getFirst();
    var born = create(aSaga("born claimed").claimedBy("node-2", now().plusSeconds(100)));
    create(aSaga("free").dueAt(now().plusSeconds(200)));

    assertThat(store().makeDue(Duration.ZERO, 1)).isEqualTo(new ResetOutcome(1, false));

    assertStored(claimed);
    assertStored(born);
    assertThat(gids(claim(10))).containsExactly("free");
  }

  @Test
  default void makingDueWithinALongTimeFindsNothing() {
    create(aSaga("a").dueAt(now().plusSeconds(100)));

    var outcome = store().makeDue(Duration.ofSeconds(Long.MAX_VALUE), 10);

    assertThat(outcome).isEqualTo(new ResetOutcome(0, false));
  }
}
