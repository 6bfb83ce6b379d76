package io.dtm.server.transfer;

import static io.dtm.server.transfer.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.store.rocksdb.RocksDbStoreConfig;
import io.dtm.server.store.rocksdb.RocksDbTransactionStore;
import io.dtm.server.transfer.MoveReport.Tally;
import io.dtm.testing.time.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoveTest {
  @TempDir private Path folder = Path.of(".");
  private final VirtualTime time = new VirtualTime(NOW);
  private final MemoryTransactionStore source = new MemoryTransactionStore(time);
  private final MemoryTransactionStore target = new MemoryTransactionStore(time);
  private final List<Long> progress = new ArrayList<>();
  private final Move move = new Move(time, progress::add);

  private static Move.Side side(MemoryTransactionStore store) {
    return new Move.Side(store, store);
  }

  private static void create(MemoryTransactionStore store, GlobalTransaction transaction) {
    assertThat(store.apply(List.of(new WriteCommand.Create(transaction))))
        .containsExactly(new WriteOutcome.Applied());
  }

  private static GlobalTransaction saga(String gid) {
    return ReferenceMapper.map(Rows.saga(gid).step("01", "prepared", "prepared").build(), NOW);
  }

  /** Every mode, unfinished and finished, of a later version than the first; and settings. */
  private void fill() {
    for (var row : SampleReference.good()) {
      var transaction = ReferenceMapper.map(row, NOW);
      create(source, transaction.nextVersion(NOW.plusNanos(123_456_789)));
    }
    create(source, ended("ended-well", TransactionStatus.SUCCEEDED));
    create(source, ended("ended-badly", TransactionStatus.FAILED));
    assertThat(source.putEntry("topics", "orders", "[{\"url\":\"http://a\"}]", 0)).isTrue();
    assertThat(source.putEntry("other", "größe", "", 0)).isTrue();
  }

  private static GlobalTransaction ended(String gid, TransactionStatus status) {
    return saga(gid).movedTo(status, "because", NOW.plusNanos(1)).nextVersion(NOW);
  }

  private static List<GlobalTransaction> all(MemoryTransactionStore store) {
    return store.list(TransactionFilter.all(), "", 1_000).transactions();
  }

  @Test
  void nothingIsLostOnTheWayThereAndBack() {
    fill();
    var count = all(source).size();

    try (var rocksDb = RocksDbTransactionStore.open(folder, time, RocksDbStoreConfig.defaults())) {
      var between = new Move.Side(rocksDb, rocksDb);
      var there = move.run(side(source), between, Move.Scope.ALL);
      var back = move.run(between, side(target), Move.Scope.ALL);

      assertThat(there.problems()).isEmpty();
      assertThat(back.problems()).isEmpty();
      assertThat(there.total()).isEqualTo(new Tally(count, 0, 0, count));
      assertThat(back.settings()).isEqualTo(new Tally(2, 0, 0, 2));
    }
    assertThat(all(target)).isEqualTo(all(source));
    assertThat(target.listEntries("", "", 10)).isEqualTo(source.listEntries("", "", 10));
  }

  @Test
  void aSecondMoveFindsEverythingThere() {
    fill();
    var count = all(source).size();
    var unused = move.run(side(source), side(target), Move.Scope.ALL);

    var second = move.run(side(source), side(target), Move.Scope.ALL);

    assertThat(second.isComplete()).isTrue();
    assertThat(second.total()).isEqualTo(new Tally(0, count, 0, count));
    assertThat(second.settings()).isEqualTo(new Tally(0, 2, 0, 2));
  }

  @Test
  void whatHasEndedMayStayBehind() {
    fill();

    var report = move.run(side(source), side(target), Move.Scope.UNFINISHED);

    assertThat(report.total().moved()).isEqualTo(SampleReference.good().size());
    assertThat(target.find(new Gid("ended-well"))).isEmpty();
    assertThat(target.find(new Gid("saga-half"))).isPresent();
  }

  @Test
  void aClaimIsDroppedAndItsTransactionDueAtOnce() {
    create(source, saga("a").withSchedule(saga("a").schedule().due(NOW)));
    assertThat(source.claimDue("node-1", Duration.ofSeconds(10), 1).claimed()).hasSize(1);
    time.advance(Duration.ofSeconds(11), () -> {});

    var report = move.run(side(source), side(target), Move.Scope.ALL);
    var again = move.run(side(source), side(target), Move.Scope.ALL);

    assertThat(report.problems()).isEmpty();
    assertThat(again.total()).isEqualTo(new Tally(0, 1, 0, 1));
    assertThat(target.find(new Gid("a")).orElseThrow().schedule().isClaimed()).isFalse();
    assertThat(target.claimDue("node-2", Duration.ofSeconds(10), 1).claimed()).hasSize(1);
  }

  @Test
  void aLeaseThatStillRunsIsReported() {
    create(source, saga("a").withSchedule(saga("a").schedule().due(NOW)));
    assertThat(source.claimDue("node-1", Duration.ofSeconds(10), 1).claimed()).hasSize(1);

    var report = move.run(side(source), side(target), Move.Scope.ALL);

    assertThat(report.problems())
        .singleElement()
        .asString()
        .startsWith("a: in the hands of node node-1 until 2026-01-01T00:00:10Z");
  }

  @Test
  void whatIsThereWithOtherContentIsReportedAndLeftAlone() {
    create(source, saga("a").nextVersion(NOW));
    create(target, saga("a"));
    assertThat(source.putEntry("topics", "orders", "[]", 0)).isTrue();
    assertThat(target.putEntry("topics", "orders", "[{\"url\":\"http://a\"}]", 0)).isTrue();

    var report = move.run(side(source), side(target), Move.Scope.ALL);

    assertThat(report.total()).isEqualTo(new Tally(0, 0, 1, 0));
    assertThat(report.settings()).isEqualTo(new Tally(0, 0, 1, 0));
    assertThat(report.problems())
        .extracting(Problem::subject)
        .containsExactly("a", "setting topics/orders");
    assertThat(target.find(new Gid("a"))).contains(saga("a"));
  }

  @Test
  void progressIsToldEveryTenThousand() {
    for (int i = 0; i < 20_001; i++) {
      create(source, saga("saga-" + i));
    }

    var report = move.run(side(source), side(target), Move.Scope.ALL);

    assertThat(report.total().moved()).isEqualTo(20_001);
    assertThat(progress).containsExactly(10_000L, 20_000L);
  }
}
