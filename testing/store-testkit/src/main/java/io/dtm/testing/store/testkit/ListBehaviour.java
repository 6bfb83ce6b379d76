package io.dtm.testing.store.testkit;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.testing.store.testkit.StoreBehaviour.gids;
import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static io.dtm.testing.store.testkit.TransactionBuilder.aTransaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing newest first, narrowed by each filter, page by page while others write. */
interface ListBehaviour extends StoreBehaviour {
  Instant T = SettableClock.START;
  List<TransactionStatus> STATUSES = List.of(TransactionStatus.values());

  List<TransactionSpec> SPECS =
      List.of(
          new TransactionSpec.Saga(false, Map.of()),
          new TransactionSpec.Tcc(),
          new TransactionSpec.Message(Duration.ZERO));

  /** Of several statuses and modes, a second apart, in a scrambled order of creation. */
  private List<GlobalTransaction> createTen() {
    var created = new ArrayList<GlobalTransaction>();
    for (int i : new int[] {3, 8, 1, 6, 0, 9, 4, 7, 2, 5}) {
      created.add(
          create(
              aTransaction("gid-" + i, SPECS.get(i % SPECS.size()))
                  .step("debit")
                  .status(STATUSES.get(i % STATUSES.size()))
                  .createdAt(T.plusSeconds(i))));
    }
    return created;
  }

  private static List<GlobalTransaction> expected(
      List<GlobalTransaction> all, TransactionFilter filter) {
    return all.stream()
        .filter(filter::matches)
        .sorted(
            Comparator.comparing((GlobalTransaction t) -> t.definition().createdAt()).reversed())
        .toList();
  }

  @Test
  default void anEmptyStoreListsNothing() {
    var page = store().list(TransactionFilter.all(), "", 10);

    assertThat(page.transactions()).isEmpty();
    assertThat(page.nextPosition()).isEmpty();
  }

  @Test
  default void listsNewestFirst() {
    var all = createTen();

    var page = store().list(TransactionFilter.all(), "", 100);

    assertThat(page.transactions()).isEqualTo(expected(all, TransactionFilter.all()));
    assertThat(page.nextPosition()).isEmpty();
  }

  @Test
  default void narrowsByEveryCombinationOfFilters() {
    var all = createTen();
    var statuses = new ArrayList<@Nullable TransactionStatus>(List.of(TransactionStatus.values()));
    statuses.add(null);
    var modes = new ArrayList<@Nullable TransactionMode>(List.of(TransactionMode.values()));
    modes.add(null);
    var times = Arrays.<@Nullable Instant>asList(null, T.plusSeconds(2), T.plusSeconds(7));

    for (var status : statuses) {
      for (var mode : modes) {
        for (var from : times) {
          for (var to : times) {
            var filter = new TransactionFilter(status, mode, from, to);
            assertThat(listAll(filter, 3)).as("%s", filter).isEqualTo(expected(all, filter));
          }
        }
      }
    }
  }

  @Test
  default void bothEndsOfTheCreationTimeAreInclusive() {
    var saga = create(aSaga("a").createdAt(T));

    assertThat(listAll(created(T, T), 5)).containsExactly(saga);
    assertThat(listAll(created(T.plusNanos(1_000), null), 5)).isEmpty();
    assertThat(listAll(created(null, T.minusNanos(1_000)), 5)).isEmpty();
    assertThat(listAll(created(Instant.MIN, Instant.MAX), 5)).containsExactly(saga);
    assertThat(listAll(created(T.plusNanos(1_000), T.minusNanos(1_000)), 5)).isEmpty();
  }

  private static TransactionFilter created(@Nullable Instant from, @Nullable Instant to) {
    return new TransactionFilter(null, null, from, to);
  }

  @Test
  default void findsATransactionUnderItsNewStatusOnly() {
    var saga = create(aSaga("a").status(PREPARED));
    saga = update(saga, saga.movedTo(SUBMITTED, "", clock().instant()));
    saga = update(saga, saga.movedTo(ABORTING, "no", clock().instant()));
    saga = update(saga, saga.movedTo(FAILED, "", clock().instant()));

    for (var status : TransactionStatus.values()) {
      var filter = new TransactionFilter(status, null, null, null);
      assertThat(gids(listAll(filter, 5))).isEqualTo(status == FAILED ? List.of("a") : List.of());
    }
    assertThat(listAll(TransactionFilter.all(), 5)).containsExactly(saga);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 9, 10, 11})
  default void pagesOfAnySizeMakeTheWholeList(int size) {
    var all = createTen();

    var listed = listAll(TransactionFilter.all(), size);

    assertThat(listed).isEqualTo(expected(all, TransactionFilter.all()));
  }

  @Test
  default void theLastPageSaysSoEvenWhenItIsFull() {
    createTen();

    var first = store().list(TransactionFilter.all(), "", 5);
    var second = store().list(TransactionFilter.all(), first.nextPosition(), 5);

    assertThat(first.nextPosition()).isNotEmpty();
    assertThat(second.transactions()).hasSize(5);
    assertThat(second.nextPosition()).isEmpty();
  }

  @Test
  default void pagesThroughTransactionsOfTheSameInstant() {
    var names = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      var status = STATUSES.get(i % STATUSES.size());
      names.add(create(aSaga("saga-" + i).status(status).createdAt(T)).gid().value());
    }

    assertThat(gids(listAll(TransactionFilter.all(), 7)))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  default void whatWasThereAtTheStartIsSeenExactlyOnceWhateverIsWrittenMeanwhile() {
    var atStart = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      atStart.add(create(aSaga("saga-" + i).createdAt(T.plusMillis(i / 3))).gid().value());
    }
    var seen = new ArrayList<String>();
    var position = "";
    int round = 0;

    do {
      var page = store().list(TransactionFilter.all(), position, 7);
      seen.addAll(gids(page.transactions()));
      position = page.nextPosition();
      for (int i = round; i < 60 && round < 10; i += 10) {
        var saga = stored("saga-" + i);
        update(saga, saga.movedTo(SUCCEEDED, "", clock().instant()));
      }
      create(aSaga("newer-" + round).createdAt(T.plusSeconds(1 + round)));
      create(aSaga("between-" + round).createdAt(T.plusNanos(500_000 + 1_000L * round)));
      round++;
    } while (!position.isEmpty());

    assertThat(seen).doesNotHaveDuplicates().containsAll(atStart);
    assertThat(seen).noneMatch(gid -> gid.startsWith("newer-"));
  }

  @Test
  default void pagingGoesOnAfterTheTransactionItStoppedAtIsGone() {
    for (int i = 0; i < 6; i++) {
      create(aSaga("saga-" + i).createdAt(T.plusSeconds(i)).finished(SUCCEEDED, T.plusSeconds(i)));
    }
    var first = store().list(TransactionFilter.all(), "", 3);

    store().deleteFinished(SUCCEEDED, T.plusSeconds(100), 1);
    store().deleteFinished(SUCCEEDED, T.plusSeconds(4), 2);
    create(aSaga("saga-3 again").createdAt(T.plusSeconds(3)));
    store().deleteFinished(SUCCEEDED, T.plusSeconds(100), 2);

    assertThat(gids(first.transactions())).containsExactly("saga-5", "saga-4", "saga-3");
    var second = store().list(TransactionFilter.all(), first.nextPosition(), 3);
    assertThat(gids(second.transactions())).doesNotContain("saga-5", "saga-4", "saga-3");
    assertThat(second.nextPosition()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "not a position", "AAAA", "%00", "0", "///////////////////////"})
  default void anUnknownPositionIsRefused(String position) {
    create(aSaga("a"));

    assertThatThrownBy(() -> store().list(TransactionFilter.all(), position, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  default void aPageOfNoTransactionsIsRefused(int limit) {
    assertThatThrownBy(() -> store().list(TransactionFilter.all(), "", limit))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
