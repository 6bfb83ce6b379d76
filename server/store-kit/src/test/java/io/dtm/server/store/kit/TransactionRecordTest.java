package io.dtm.server.store.kit;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.WriteCommand;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TransactionRecordTest {
  private static final Instant NOW = Instant.parse("2026-11-22T21:00:00.123456789Z");

  private static GlobalTransaction appended(GlobalTransaction before, String branchId) {
    return before.withAppended(
        List.of(
            Branch.planned(branchId, Operation.CONFIRM, "http://late", Payload.ofText("p"), NOW)));
  }

  private static TransactionRecord after(TransactionRecord old, WriteCommand.Update update) {
    var change = RecordChange.of(update);
    var definition = change.definition();
    if (definition != null) {
      return TransactionRecord.stored(definition, change.appended(), change.progress());
    }
    var joined = Arrays.copyOf(old.appended(), old.appended().length + change.appended().length);
    System.arraycopy(change.appended(), 0, joined, old.appended().length, change.appended().length);
    return TransactionRecord.stored(old.definition(), joined, change.progress());
  }

  @Test
  void readsWhatItWasMadeOf() {
    var saga = aSaga("a").step("debit", "credit").build();

    assertThat(TransactionRecord.of(saga).read(saga.gid())).isEqualTo(saga);
  }

  @Test
  void followsAppendedBranchesAndProgress() {
    var first = aSaga("a").step("debit").build();
    var second = appended(appended(first, "02"), "03").nextVersion(NOW);
    var third =
        appended(second.withBranch(2, second.branches().get(2).progress().succeeded(NOW)), "04")
            .movedTo(TransactionStatus.ABORTING, "no", NOW)
            .nextVersion(NOW);

    var record = TransactionRecord.of(first);
    record = after(record, new WriteCommand.Update(first, second));
    assertThat(record.read(first.gid())).isEqualTo(second);
    record = after(record, new WriteCommand.Update(second, third));
    assertThat(record.read(first.gid())).isEqualTo(third);
  }

  @Test
  void aNewDefinitionTakesTheAppendedBranchesIn() {
    var first = aSaga("a").step("debit").build();
    var second = appended(first, "02").nextVersion(NOW);
    var other = aSaga("a").step("debit").createdAt(NOW).build().definition();
    var third = second.withDefinition(other).nextVersion(NOW);

    var record = TransactionRecord.of(first);
    record = after(record, new WriteCommand.Update(first, second));
    record = after(record, new WriteCommand.Update(second, third));

    assertThat(record.appended()).isEmpty();
    assertThat(record.read(first.gid())).isEqualTo(third);
  }

  @Test
  void anUpdateOfTheProgressChangesNothingElse() {
    var first = appended(aSaga("a").step("debit").build(), "02");
    var second = first.withSchedule(first.schedule().due(NOW)).nextVersion(NOW);

    var change = RecordChange.of(new WriteCommand.Update(first, second));

    assertThat(change.definition()).isNull();
    assertThat(change.appended()).isEmpty();
  }

  @Test
  void saysWhichTransactionIsDamaged() {
    var saga = appended(aSaga("a").step("debit").build(), "02");
    var record = TransactionRecord.of(saga);
    var cut = new byte[] {9, 1};

    assertThatThrownBy(() ->
            TransactionRecord.stored(record.definition(), cut, record.progress()).read(saga.gid()))
        .isInstanceOf(RecordUnreadable.class)
        .hasMessageContaining("branches of a: damaged");
  }
}
