package io.dtm.testing.store.testkit;

import static io.dtm.testing.store.testkit.StoreBehaviour.gids;
import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dtm.server.core.Gid;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Records of a format that is yet to come, as a server meets them while others are upgraded. */
interface UnreadableBehaviour extends StoreBehaviour {
  /** More than any store reads at a time. */
  int MANY = 150;

  boolean survivesReopen();

  /** Closes the store, has some records no longer readable, and opens it again. */
  void reopenWithUnreadable(List<Gid> gids) throws Exception;

  @Test
  default void oneUnreadableRecordDoesNotBlockTheRest() throws Exception {
    assumeTrue(survivesReopen(), "the store declares that it keeps no records");
    create(aSaga("bad").dueAt(clock().instant().minusSeconds(2)));
    var good = create(aSaga("good").dueAt(clock().instant().minusSeconds(1)));

    reopenWithUnreadable(List.of(new Gid("bad")));

    assertThat(gids(listAll(TransactionFilter.all(), 1))).containsExactly("good");
    var due = store().claimDue("node-1", Duration.ofSeconds(30), 1);
    assertThat(gids(due.claimed())).containsExactly(good.gid().value());
    assertThatThrownBy(() -> store().find(new Gid("bad")))
        .isInstanceOf(StoredRecordUnreadable.class)
        .extracting(e -> ((StoredRecordUnreadable) e).what())
        .isEqualTo("progress of bad: format 99 (supported: 1 to 2)");
  }

  @Test
  default void manyUnreadableRecordsDoNotBlockTheRest() throws Exception {
    assumeTrue(survivesReopen(), "the store declares that it keeps no records");
    var bad = IntStream.range(0, MANY).mapToObj(i -> new Gid("bad-" + i)).toList();
    bad.forEach(gid -> create(aSaga(gid.value()).dueAt(clock().instant().minusSeconds(2))));
    create(aSaga("good").dueAt(clock().instant().minusSeconds(1)));

    reopenWithUnreadable(bad);

    assertThat(gids(store().claimDue("node-1", Duration.ofSeconds(30), 1).claimed()))
        .containsExactly("good");
    var again = store().claimDue("node-1", Duration.ofSeconds(30), 1);
    assertThat(again.claimed()).isEmpty();
    assertThat(again.nextDueAt()).as("nobody looks again and again").isAfter(clock().instant());
  }

  @Test
  default void unreadableRecordsDoNotKeepOthersFromBeingMadeDue() throws Exception {
    assumeTrue(survivesReopen(), "the store declares that it keeps no records");
    create(aSaga("bad").dueAt(clock().instant().plusSeconds(100)));
    create(aSaga("good").dueAt(clock().instant().plusSeconds(200)));
    create(aSaga("parked").parked("gave up", "a:1", clock().instant()));

    reopenWithUnreadable(List.of(new Gid("bad")));

    assertThat(store().makeDue(Duration.ofSeconds(10), 1)).isEqualTo(new ResetOutcome(1, true));
    assertThat(gids(listAll(TransactionFilter.allParked(), 1))).containsExactly("parked");
    assertThat(gids(store().claimDue("node-1", Duration.ofSeconds(30), 10).claimed()))
        .containsExactly("good");
  }

  @Test
  default void aWriteThatMeetsAnUnreadableRecordDoesNotSpoilItsBatch() throws Exception {
    assumeTrue(survivesReopen(), "the store declares that it keeps no records");
    var bad = create(aSaga("bad"));
    var badToo = create(aSaga("bad too"));
    var good = create(aSaga("good"));
    reopenWithUnreadable(List.of(bad.gid(), badToo.gid()));

    var now = clock().instant();
    // Of a version that is not there: one that is there could be overwritten.
    var before = badToo.nextVersion(now).nextVersion(now);
    var outcomes =
        store()
            .apply(
                List.of(
                    new WriteCommand.Create(aSaga("new").build()),
                    new WriteCommand.Create(aSaga("bad").build()),
                    new WriteCommand.Update(before, before.nextVersion(now)),
                    new WriteCommand.Update(good, good.nextVersion(now))));

    assertThat(outcomes)
        .containsExactly(
            new WriteOutcome.Applied(),
            new WriteOutcome.Unreadable("progress of bad: format 99 (supported: 1 to 2)"),
            new WriteOutcome.Unreadable("progress of bad too: format 99 (supported: 1 to 2)"),
            new WriteOutcome.Applied());
    assertStored(good.nextVersion(now));
  }
}
