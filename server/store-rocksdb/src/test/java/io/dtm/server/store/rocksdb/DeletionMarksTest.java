package io.dtm.server.store.rocksdb;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.testing.store.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** What came and went does not slow down what comes after it. */
final class DeletionMarksTest {
  private static final Instant T = SettableClock.START;
  private static final int BATCH = 1_000;
  private static final int BATCHES = 150;

  @TempDir private Path folder;

  private static List<GlobalTransaction> leased(int batch) {
    var sagas = new ArrayList<GlobalTransaction>();
    for (int i = 0; i < BATCH; i++) {
      var until = T.plusMillis(batch).plusNanos(i);
      sagas.add(
          aSaga("saga-%d-%d".formatted(batch, i))
              .createdAt(until)
              .claimedBy("node", until.plusSeconds(30))
              .build());
    }
    return sagas;
  }

  private static List<GlobalTransaction> succeeded(List<GlobalTransaction> sagas) {
    return sagas.stream()
        .map(saga -> {
          var at = saga.definition().createdAt().plusMillis(1);
          return saga.movedTo(TransactionStatus.SUCCEEDED, "", at).nextVersion(at);
        })
        .toList();
  }

  private static void createAndFinishMany(Tables inside) throws Exception {
    for (int batch = 0; batch < BATCHES; batch++) {
      var sagas = leased(batch);
      inside.replace(null, sagas);
      inside.replace(sagas, succeeded(sagas));
    }
  }

  @Test
  void aScanForWhatIsDueStepsOverEachDeletionAtMostOnce() throws Exception {
    try (var inside = new Tables(folder)) {
      var far = aSaga("far").dueAt(T.plusSeconds(3_600)).build();
      inside.replace(null, List.of(far));
      createAndFinishMany(inside);

      long first = inside.deletionsSteppedOver(() -> claim(inside));
      long second = inside.deletionsSteppedOver(() -> claim(inside));

      assertThat(first).as("only those not yet written out").isLessThan(BATCH * BATCHES / 2);
      assertThat(second).isZero();
    }
  }

  private static void claim(Tables inside) throws RocksDBException {
    var due = inside.scans.claimDue(inside.database, T, 100, saga -> saga);
    assertThat(due.claimed()).isEmpty();
    assertThat(due.nextDueAt()).isEqualTo(T.plusSeconds(3_600));
  }

  @Test
  void deletingInSmallBitesStepsOverEachDeletionAtMostOnce() throws Exception {
    try (var inside = new Tables(folder)) {
      createAndFinishMany(inside);
      var end = T.plusSeconds(3_600);
      long steps = 0;
      int deleted = 0;

      for (int bite = 0; bite < 100; bite++) {
        var count = new int[1];
        steps +=
            inside.deletionsSteppedOver(() ->
                count[0] =
                    inside.scans.deleteFinished(
                        inside.database, TransactionStatus.SUCCEEDED, end, BATCH));
        deleted += count[0];
      }

      assertThat(deleted).isEqualTo(100 * BATCH);
      assertThat(steps).isLessThan(10 * BATCH);
    }
  }

  @Test
  void listingStepsOverWhatHasNotBeenWrittenOutOnly() throws Exception {
    try (var inside = new Tables(folder)) {
      createAndFinishMany(inside);
      var listing = new Listing(new TransactionReader(folder, inside.tables));
      var submitted = new TransactionFilter(TransactionStatus.SUBMITTED, null, null, null);

      long steps =
          inside.deletionsSteppedOver(() -> {
            var page = listing.page(inside.database, submitted, "", 10);
            assertThat(page.transactions()).isEmpty();
          });

      assertThat(steps).isLessThan(BATCH * BATCHES / 2);
    }
  }
}
