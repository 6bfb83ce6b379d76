package io.dtm.server.transfer;

import static io.dtm.server.transfer.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.store.rocksdb.RocksDbStoreConfig;
import io.dtm.server.store.rocksdb.RocksDbTransactionStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every kind of store gives back: just what the reference has written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReferenceStoreContract {
  /** The filled store, read only by every test. */
  abstract ReferenceUrl url();

  /** Rows that only this kind of store may have. */
  abstract List<String> oddGids();

  private List<ReferenceStore.Row> rows(int limit) {
    try (var store = ReferenceStores.open(url())) {
      var rows = new ArrayList<ReferenceStore.Row>();
      var position = "";
      do {
        var page = store.list(position, limit);
        rows.addAll(page.rows());
        position = page.nextPosition();
      } while (!position.isEmpty());
      return rows;
    }
  }

  @Test
  void everyUnfinishedTransactionIsThereWhateverThePages() {
    var expected = new ArrayList<>(SampleReference.all().stream().map(r -> r.gid()).toList());
    expected.addAll(oddGids());

    for (int limit : new int[] {1, 7, 1_000}) {
      assertThat(rows(limit))
          .extracting(ReferenceStore.Row::gid)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void everyFieldIsReadAsItWasWritten() {
    var found = new ArrayList<GlobalTransaction>();
    for (var row : rows(100)) {
      if (row instanceof ReferenceStore.Row.Found(var transaction)
          && SampleReference.good().stream().anyMatch(g -> g.gid().equals(row.gid()))) {
        found.add(ReferenceMapper.map(transaction, NOW));
      }
    }
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            SampleReference.good().stream().map(r -> ReferenceMapper.map(r, NOW)).toList());
  }

  @Test
  void theStoreCountsWhatItGives() {
    try (var store = ReferenceStores.open(url())) {
      var rows = rows(100);
      assertThat(store.counts())
          .isEqualTo(
              new ReferenceStore.Counts(
                  rows.size(),
                  rows.stream().mapToInt(ReferenceStore.Row::branches).sum(),
                  SampleReference.TOPICS.size()));
      assertThat(store.topics()).containsExactlyInAnyOrderElementsOf(SampleReference.TOPICS);
      assertThat(store.mark()).isEqualTo(store.mark());
    }
  }

  @Test
  void allOfItIsImportedOnceIntoMemory() {
    var target = new MemoryTransactionStore(() -> NOW);
    var transfer = new Import(() -> NOW, () -> {});
    try (var store = ReferenceStores.open(url())) {
      var first = transfer.run(store, target, target, Import.Mode.APPLY);
      var second = transfer.run(store, target, target, Import.Mode.APPLY);

      int good = SampleReference.good().size() + 1;
      assertThat(first.total().created()).isEqualTo(good);
      assertThat(first.verified().transactions()).isEqualTo(good);
      assertThat(first.verified().topics()).isEqualTo(2);
      assertThat(first.problems())
          .extracting(Problem::subject)
          .containsAll(SampleReference.bad().stream().map(r -> r.gid()).toList())
          .containsAll(oddGids())
          .hasSize(SampleReference.bad().size() + oddGids().size());
      assertThat(second.total().created()).isZero();
      assertThat(second.total().present()).isEqualTo(good);
      assertThat(second.verified()).isEqualTo(first.verified());
      assertThat(target.find(new Gid("bare"))).isPresent();
    }
  }

  @Test
  void allOfItIsImportedIntoAFolder(@TempDir Path folder) {
    var clock = (InstantSource) () -> NOW;
    try (var source = ReferenceStores.open(url());
        var target = RocksDbTransactionStore.open(folder, clock, RocksDbStoreConfig.defaults())) {
      var report = new Import(clock, () -> {}).run(source, target, target, Import.Mode.APPLY);

      assertThat(report.verified().transactions()).isEqualTo(SampleReference.good().size() + 1);
      for (var row : SampleReference.good()) {
        assertThat(target.find(new Gid(row.gid()))).contains(ReferenceMapper.map(row, NOW));
      }
    }
  }
}
