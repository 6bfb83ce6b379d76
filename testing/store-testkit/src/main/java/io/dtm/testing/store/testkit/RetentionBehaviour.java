package io.dtm.testing.store.testkit;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.testing.store.testkit.StoreBehaviour.gids;
import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deleting what ended long ago, without a trace, and nothing else. */
interface RetentionBehaviour extends StoreBehaviour {
  private Instant now() {
    return clock().instant();
  }

  @Test
  default void deletesWhatEndedBeforeTheGivenTime() {
    create(aSaga("before").finished(SUCCEEDED, now().minusNanos(1_000)));
    create(aSaga("at").finished(SUCCEEDED, now()));
    create(aSaga("after").finished(SUCCEEDED, now().plusSeconds(1)));

    assertThat(store().deleteFinished(SUCCEEDED, now(), 10)).isEqualTo(1);

    assertThat(gids(listAll(TransactionFilter.all(), 10))).containsExactlyInAnyOrder("at", "after");
    assertThat(store().deleteFinished(SUCCEEDED, now(), 10)).isZero();
  }

  @Test
  default void deletesOldestFirstUpToTheLimit() {
    for (int i : new int[] {4, 1, 3, 0, 2}) {
      create(
          aSaga("saga-" + i)
              .createdAt(now().minusSeconds(i))
              .finished(SUCCEEDED, now().plusSeconds(i)));
    }

    assertThat(store().deleteFinished(SUCCEEDED, now().plusSeconds(100), 2)).isEqualTo(2);

    assertThat(gids(listAll(TransactionFilter.all(), 10)))
        .containsExactly("saga-2", "saga-3", "saga-4");
    assertThat(store().deleteFinished(SUCCEEDED, now().plusSeconds(100), 10)).isEqualTo(3);
    assertThat(listAll(TransactionFilter.all(), 10)).isEmpty();
  }

  @Test
  default void deletesTransactionsOfTheGivenStatusOnly() {
    for (int i = 0; i < 3; i++) {
      create(aSaga("succeeded-" + i).finished(SUCCEEDED, now()));
      create(aSaga("failed-" + i).finished(FAILED, now()));
    }
    var later = now().plusSeconds(1);

    assertThat(store().deleteFinished(FAILED, later, 10)).isEqualTo(3);

    assertThat(gids(listAll(TransactionFilter.all(), 10)))
        .containsExactlyInAnyOrder("succeeded-0", "succeeded-1", "succeeded-2");
    assertThat(store().deleteFinished(FAILED, later, 10)).isZero();
    assertThat(store().deleteFinished(SUCCEEDED, later, 2)).isEqualTo(2);
    assertThat(store().deleteFinished(SUCCEEDED, later, 2)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransactionStatus.class,
      names = {"PREPARED", "SUBMITTED", "ABORTING"})
  default void deletingUnfinishedOnesIsRefused(TransactionStatus status) {
    create(aSaga("a").status(status));

    assertThatThrownBy(() -> store().deleteFinished(status, now().plusSeconds(1), 10))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(listAll(TransactionFilter.all(), 10)).hasSize(1);
  }

  @Test
  default void neverTouchesUnfinishedOnes() {
    create(aSaga("prepared").status(PREPARED).createdAt(now().minusSeconds(9_999)));
    create(aSaga("submitted").createdAt(now().minusSeconds(9_999)));
    create(aSaga("aborting").status(ABORTING).createdAt(now().minusSeconds(9_999)));

    var farFuture = Instant.parse("9999-01-01T00:00:00Z");
    assertThat(store().deleteFinished(SUCCEEDED, farFuture, 10)).isZero();
    assertThat(store().deleteFinished(FAILED, farFuture, 10)).isZero();

    assertThat(listAll(TransactionFilter.all(), 10)).hasSize(3);
    assertThat(store().claimDue("n", Duration.ofSeconds(1), 10).claimed()).hasSize(3);
  }

  @Test
  default void deletesEveryTrace() {
    var saga = withLateBranch(create(aSaga("a").step("debit").dueAt(now())));
    var other = create(aSaga("a1").step("debit"));
    fail(saga, "no money");
    clock().advance(Duration.ofSeconds(1));

    assertThat(store().deleteFinished(FAILED, now(), 10)).isEqualTo(1);

    assertThat(store().find(saga.gid())).isEmpty();
    assertThat(listAll(TransactionFilter.all(), 10)).containsExactly(other);
    var again = create(aSaga("a").step("other").createdAt(now()).dueAt(now()));
    assertStored(again);
    assertThat(listAll(TransactionFilter.all(), 10)).containsExactly(again, other);
    var claimed = store().claimDue("n", Duration.ofSeconds(1), 10).claimed();
    assertThat(gids(claimed)).containsExactly("a");
    assertThat(claimed.getFirst().branches()).isEqualTo(again.branches());
    assertThat(store().deleteFinished(FAILED, now().plusSeconds(9), 10)).isZero();
  }

  @Test
  default void aGidLivesManyLives() {
    for (int life = 0; life < 5; life++) {
      var saga = create(aSaga("a").step("life-" + life));
      var finished = succeed(withLateBranch(saga));
      assertStored(finished);
      assertThat(listAll(TransactionFilter.all(), 10)).containsExactly(finished);

      assertThat(store().deleteFinished(SUCCEEDED, now().plusNanos(1_000), 10)).isEqualTo(1);

      assertThat(store().find(saga.gid())).isEmpty();
      assertThat(listAll(TransactionFilter.all(), 10)).isEmpty();
      assertThat(store().claimDue("n", Duration.ofSeconds(1), 10).nextDueAt()).isNull();
    }
  }

  @Test
  default void deletesInSmallBitesUntilNothingIsLeft() {
    for (int i = 0; i < 95; i++) {
      succeed(create(aSaga("saga-" + i).step("debit")));
    }
    create(aSaga("open"));
    int bites = 0;
    int deleted;

    do {
      deleted = store().deleteFinished(SUCCEEDED, now().plusSeconds(1), 10);
      bites++;
    } while (deleted == 10);

    assertThat(bites).isEqualTo(10);
    assertThat(gids(listAll(TransactionFilter.all(), 10))).containsExactly("open");
    succeed(create(aSaga("late")));
    assertThat(store().deleteFinished(SUCCEEDED, now().plusSeconds(1), 10)).isEqualTo(1);
  }

  private GlobalTransaction withLateBranch(GlobalTransaction saga) {
    var branches = new ArrayList<>(saga.branches());
    branches.add(
        Branch.planned("99", Operation.ACTION, "http://late/do", Payload.ofText("late"), now()));
    return update(saga, new GlobalTransaction(saga.definition(), branches, saga.progress()));
  }
}
