package io.dtm.testing.store.testkit;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.testing.store.testkit.StoreBehaviour.gids;
import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static io.dtm.testing.store.testkit.TransactionBuilder.aTransaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Parking;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parked transactions: never due, and found by that. */
interface ParkedBehaviour extends StoreBehaviour {
  TransactionFilter PARKED = TransactionFilter.allParked();

  private Instant now() {
    return clock().instant();
  }

  private GlobalTransaction createParked(String gid, Instant since) {
    return create(aSaga(gid).step("debit").parked("gave up on " + gid, "debit:80", since));
  }

  private GlobalTransaction resume(GlobalTransaction parked, Instant dueAt) {
    return update(parked, parked.withSchedule(parked.schedule().due(dueAt)));
  }

  @Test
  default void aParkedTransactionIsNeverDue() {
    createParked("parked", now());
    var parkedLater = create(aSaga("parked later").dueAt(now()));
    var why = new Parking("gave up", "debit:80", now());
    update(parkedLater, parkedLater.withSchedule(parkedLater.schedule().parked(why)));
    clock().advance(Duration.ofDays(365_000));

    var due = store().claimDue("node-1", Duration.ofSeconds(30), 10);

    assertThat(due.claimed()).isEmpty();
    assertThat(due.nextDueAt()).isNull();
  }

  @Test
  default void parkedOnesDoNotHideWhatFallsDue() {
    createParked("parked", now());
    create(aSaga("open").dueAt(now().plusSeconds(5)));

    assertThat(store().claimDue("node-1", Duration.ofSeconds(30), 10).nextDueAt())
        .isEqualTo(now().plusSeconds(5));
  }

  @Test
  default void parkedOnesAreListedInTheOrderInWhichTheyWereParked() {
    var second = createParked("second", now().plusSeconds(2));
    var third = createParked("third", now().plusSeconds(3));
    var first = createParked("first", now().plusSeconds(1));
    create(aSaga("open").dueAt(now()));
    create(aSaga("far").dueAt(Instant.parse("9999-12-31T23:59:59Z")));
    succeed(create(aSaga("finished")));

    assertThat(store().list(PARKED, "", 10).transactions()).containsExactly(first, second, third);
    assertThat(listAll(PARKED, 1)).containsExactly(first, second, third);
    assertThat(listAll(TransactionFilter.all(), 10)).hasSize(6);
  }

  @Test
  default void manyThatWereParkedAtTheSameInstantAreListedOnceEach() {
    var expected = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      var since = i < 10 ? now() : i < 35 ? now().plusSeconds(1) : now().plusSeconds(i);
      createParked("saga-" + i, since);
      expected.add("saga-" + i);
    }

    for (int pageSize : new int[] {1, 3, 10, 25, 39, 40, 41}) {
      assertThat(gids(listAll(PARKED, pageSize)))
          .as("pages of %d", pageSize)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  default void parkedOnesAreNarrowedByTheOtherFilters() {
    for (int i = 0; i < 12; i++) {
      var spec = i % 2 == 0 ? new TransactionSpec.Tcc() : new TransactionSpec.Xa();
      create(
          aTransaction("gid-" + i, spec)
              .status(List.of(PREPARED, TransactionStatus.SUBMITTED, ABORTING).get(i % 3))
              .createdAt(now().plusSeconds(i))
              .parked("gave up", "a:1", now().plusSeconds(100 - i)));
    }

    assertThat(gids(listAll(new TransactionFilter(ABORTING, null, null, null, true), 2)))
        .containsExactly("gid-11", "gid-8", "gid-5", "gid-2");
    assertThat(gids(listAll(new TransactionFilter(null, TransactionMode.TCC, null, null, true), 5)))
        .containsExactly("gid-10", "gid-8", "gid-6", "gid-4", "gid-2", "gid-0");
    assertThat(
            gids(
                listAll(
                    new TransactionFilter(
                        PREPARED, TransactionMode.XA, now().plusSeconds(4), null, true),
                    1)))
        .containsExactly("gid-9");
  }

  @Test
  default void aPageGoesOnAfterTransactionsThatWereResumedMeanwhile() {
    for (int i = 0; i < 9; i++) {
      createParked("saga-" + i, now().plusSeconds(i / 3));
    }
    var page = store().list(PARKED, "", 4);
    page.transactions().forEach(transaction -> resume(transaction, now()));

    var rest = store().list(PARKED, page.nextPosition(), 10);

    assertThat(gids(rest.transactions())).hasSize(5);
    assertThat(rest.nextPosition()).isEmpty();
    assertThat(gids(page.transactions())).doesNotContainAnyElementsOf(gids(rest.transactions()));
  }

  @Test
  default void aResumedTransactionIsDueAndNoLongerListed() {
    var parked = createParked("a", now());

    var resumed = resume(parked, now().plusSeconds(1));

    assertThat(listAll(PARKED, 10)).isEmpty();
    assertStored(resumed);
    clock().advance(Duration.ofSeconds(1));
    var claimed = store().claimDue("node-1", Duration.ofSeconds(30), 10).claimed();
    assertThat(gids(claimed)).containsExactly("a");
    assertThat(claimed.getFirst().schedule().isParked()).isFalse();
  }

  @Test
  default void makingDueResumesParkedOnesLast() {
    createParked("parked", now());
    create(aSaga("far").dueAt(now().plusSeconds(1_000)));

    assertThat(store().makeDue(Duration.ofSeconds(10), 1)).isEqualTo(new ResetOutcome(1, true));
    assertThat(gids(listAll(PARKED, 10))).containsExactly("parked");
    assertThat(store().makeDue(Duration.ofSeconds(10), 1)).isEqualTo(new ResetOutcome(1, false));

    assertThat(listAll(PARKED, 10)).isEmpty();
    assertThat(stored("parked").schedule().isParked()).isFalse();
    assertThat(gids(store().claimDue("node-1", Duration.ofSeconds(30), 10).claimed()))
        .containsExactlyInAnyOrder("parked", "far");
  }

  @Test
  default void positionsOfOtherListingsAreRefused() {
    for (int i = 0; i < 2; i++) {
      createParked("saga-" + i, now());
    }
    var ofAll = store().list(TransactionFilter.all(), "", 1).nextPosition();
    var ofParked = store().list(PARKED, "", 1).nextPosition();

    assertThatThrownBy(() -> store().list(PARKED, ofAll, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().list(TransactionFilter.all(), ofParked, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().list(PARKED, "?", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
