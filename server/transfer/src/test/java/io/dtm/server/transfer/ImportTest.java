package io.dtm.server.transfer;

import static io.dtm.server.transfer.Rows.NOW;
import static io.dtm.server.transfer.Rows.saga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.transfer.ImportReport.Kind;
import io.dtm.server.transfer.ImportReport.Tally;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportTest {
  private final VirtualTime time = new VirtualTime(NOW);
  private final MemoryTransactionStore target = new MemoryTransactionStore(time);
  private final Import transfer = new Import(time, () -> {});

  private ImportReport run(ReferenceStore source, Import.Mode mode) {
    return transfer.run(source, target, target, mode);
  }

  private int storedCount() {
    return target.list(TransactionFilter.all(), "", 1_000).transactions().size();
  }

  @Test
  void aDryRunCountsAndWritesNothing() {
    var rows = SampleReference.good();

    var report = run(new ListedReference(rows, SampleReference.TOPICS), Import.Mode.DRY_RUN);

    assertThat(report.isComplete()).isTrue();
    assertThat(report.total()).isEqualTo(new Tally(rows.size(), 0, SampleReference.branches(rows)));
    assertThat(report.topics()).isEqualTo(new Tally(2, 0, 0));
    assertThat(report.transactions())
        .containsEntry(
            new Kind(TransactionMode.SAGA, TransactionStatus.ABORTING), new Tally(1, 0, 6));
    assertThat(storedCount()).isZero();
    assertThat(target.listEntries("", "", 10).entries()).isEmpty();
  }

  @Test
  void everythingIsWrittenAndReadBack() {
    var rows = new ArrayList<>(SampleReference.good());
    rows.add(SampleReference.bare());

    var report = run(new ListedReference(rows, SampleReference.TOPICS), Import.Mode.APPLY);

    assertThat(report.problems()).isEmpty();
    assertThat(report.verified())
        .isEqualTo(new ImportReport.Verified(rows.size(), SampleReference.branches(rows), 2));
    for (var row : rows) {
      assertThat(target.find(new Gid(row.gid()))).contains(ReferenceMapper.map(row, NOW));
    }
    assertThat(target.findEntry("topics", "orders").orElseThrow().value())
        .isEqualTo("[{\"url\":\"http://a/x\",\"remark\":\"größe\"}]");
  }

  @Test
  void aSecondRunFindsEverythingThere() {
    var rows = new ArrayList<>(SampleReference.good());
    rows.add(SampleReference.bare());
    var source = new ListedReference(rows, SampleReference.TOPICS);
    var first = run(source, Import.Mode.APPLY);
    time.advance(Duration.ofHours(1), () -> {});

    var second = run(source, Import.Mode.APPLY);

    assertThat(second.problems()).isEmpty();
    assertThat(second.total()).isEqualTo(new Tally(0, rows.size(), first.total().branches()));
    assertThat(second.topics()).isEqualTo(new Tally(0, 2, 0));
    assertThat(second.verified()).isEqualTo(first.verified());
  }

  @Test
  void whatAServerHasTakenFurtherSinceIsThereAlready() {
    var source = ListedReference.of(saga("a").step("01", "prepared", "prepared").build());
    var unused = run(source, Import.Mode.APPLY);
    var stored = target.find(new Gid("a")).orElseThrow();
    var ended = stored.movedTo(TransactionStatus.SUCCEEDED, "", NOW).nextVersion(NOW);
    target.apply(List.of(new WriteCommand.Update(stored, ended)));

    var report = run(source, Import.Mode.APPLY);

    assertThat(report.isComplete()).isTrue();
    assertThat(report.total()).isEqualTo(new Tally(0, 1, 2));
    assertThat(target.find(new Gid("a"))).contains(ended);
  }

  @Test
  void anotherTransactionOfTheSameGidIsReportedAndLeftAlone() {
    var unused =
        run(ListedReference.of(Rows.row("a", "tcc").status("prepared").build()), Import.Mode.APPLY);
    var stored = target.find(new Gid("a"));

    var report =
        run(
            ListedReference.of(saga("a").step("01", "prepared", "prepared").build()),
            Import.Mode.APPLY);

    assertThat(report.isComplete()).isFalse();
    assertThat(report.problems())
        .singleElement()
        .asString()
        .startsWith("a: another transaction of this gid is in the target: tcc, prepared");
    assertThat(target.find(new Gid("a"))).isEqualTo(stored);
  }

  @Test
  void whatCannotBeImportedIsNamedAndStopsNothing() {
    var source =
        new ListedReference(
            SampleReference.all(),
            List.of(SampleReference.BROKEN_TOPIC, SampleReference.TOPICS.getFirst()));
    source.addUnreadable("lost");

    var report = run(source, Import.Mode.APPLY);

    int bad = SampleReference.bad().size() + 1;
    assertThat(report.isComplete()).isFalse();
    assertThat(report.refused().transactions()).isEqualTo(bad);
    assertThat(report.problemCount()).isEqualTo(bad + 1);
    assertThat(report.problems()).contains(new Problem("lost", "gone"));
    assertThat(report.problems()).extracting(Problem::subject).contains("bad-type", "topic broken");
    assertThat(report.verified().transactions()).isEqualTo(SampleReference.good().size() + 1);
    assertThat(report.topics()).isEqualTo(new Tally(1, 0, 0));
  }

  @Test
  void aTopicWithOtherSubscribersIsReportedAndLeftAlone() {
    assertThat(target.putEntry("topics", "orders", "[{\"url\":\"http://b\"}]", 0)).isTrue();

    var report = run(new ListedReference(List.of(), SampleReference.TOPICS), Import.Mode.APPLY);

    assertThat(report.problems())
        .singleElement()
        .asString()
        .startsWith("topic orders: there with other subscribers, and left alone");
    assertThat(target.findEntry("topics", "orders").orElseThrow().version()).isEqualTo(1);
    assertThat(report.verified().topics()).isEqualTo(1);
  }

  @Test
  void nothingIsWrittenWhileAReferenceIsAtWork() {
    var source = ListedReference.of(saga("a").step("01", "prepared", "prepared").build());
    source.worksFrom(2);

    var report = run(source, Import.Mode.APPLY);

    assertThat(report.isComplete()).isFalse();
    assertThat(report.problems()).extracting(Problem::subject).containsExactly("source");
    assertThat(storedCount()).isZero();
  }

  @Test
  void aReferenceThatComesBackMeanwhileIsNoticed() {
    var source = ListedReference.of(saga("a").step("01", "prepared", "prepared").build());
    source.worksFrom(3);

    var report = run(source, Import.Mode.APPLY);

    assertThat(report.isComplete()).isFalse();
    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains("a reference is at work on it");
  }

  @Test
  void manyTransactionsGoThroughInBatches() {
    var rows = new ArrayList<ReferenceTransaction>();
    for (int i = 0; i < 1_001; i++) {
      rows.add(saga("saga-" + i).step("01", "prepared", "prepared").build());
    }

    var report = run(new ListedReference(rows, List.of()), Import.Mode.APPLY);

    assertThat(report.isComplete()).isTrue();
    assertThat(report.verified()).isEqualTo(new ImportReport.Verified(1_001, 2_002, 0));
  }
}
