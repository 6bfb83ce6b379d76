package io.dtm.testing.store.testkit;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.testing.store.testkit.StoreBehaviour.gids;
import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Closing and opening again: what was acknowledged is there. */
interface ReopenBehaviour extends StoreBehaviour {
  boolean survivesReopen();

  void reopen() throws Exception;

  private void assumeDurable() {
    assumeTrue(survivesReopen(), "the store declares that it forgets everything when it is closed");
  }

  @Test
  default void everythingAcknowledgedIsThereAfterReopening() throws Exception {
    assumeDurable();
    var expected = new ArrayList<GlobalTransaction>();
    for (int i = 0; i < 50; i++) {
      var saga = create(aSaga("saga-" + i).step("debit").createdAt(clock().instant()));
      expected.addFirst(i % 2 == 0 ? saga : succeed(saga));
      clock().advance(Duration.ofMillis(1));
    }
    for (var pair : Samples.all()) {
      create(pair.plain());
      create(pair.full());
    }

    reopen();

    for (var saga : expected) {
      assertStored(saga);
    }
    for (var pair : Samples.all()) {
      assertStored(pair.plain());
      assertStored(pair.full());
    }
    assertThat(listAll(TransactionFilter.all(), 7)).containsSubsequence(expected);
  }

  @Test
  default void versionsGoOnAfterReopening() throws Exception {
    assumeDurable();
    var first = create(aSaga("a").step("debit"));
    var second = update(first, first.movedTo(ABORTING, "no money", clock().instant()));

    reopen();

    var late = first.movedTo(SUCCEEDED, "", clock().instant()).nextVersion(clock().instant());
    assertThat(write(new WriteCommand.Update(first, late)))
        .isEqualTo(new WriteOutcome.Conflict(second));
    assertStored(fail(second, ""));
  }

  @Test
  default void whatIsDueAndWhatIsFinishedSurvivesReopening() throws Exception {
    assumeDurable();
    create(aSaga("due").dueAt(clock().instant().plusSeconds(5)));
    create(aSaga("later").dueAt(clock().instant().plusSeconds(50)));
    succeed(create(aSaga("finished")));
    succeed(create(aSaga("gone")));
    store().deleteFinished(SUCCEEDED, clock().instant().plusNanos(1_000), 1);

    reopen();

    clock().advance(Duration.ofSeconds(5));
    var due = store().claimDue("n", Duration.ofMinutes(5), 10);
    assertThat(gids(due.claimed())).containsExactly("due");
    assertThat(due.nextDueAt()).isEqualTo(SettableClock.START.plusSeconds(50));
    assertThat(store().deleteFinished(SUCCEEDED, clock().instant(), 10)).isEqualTo(1);
    assertThat(gids(listAll(TransactionFilter.all(), 10)))
        .containsExactlyInAnyOrderElementsOf(List.of("due", "later"));
  }
}
