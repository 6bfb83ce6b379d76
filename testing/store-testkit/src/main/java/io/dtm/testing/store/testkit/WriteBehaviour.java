package io.dtm.testing.store.testkit;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.testing.store.testkit.StoreBehaviour.gids;
import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating, updating, finding: what is written is there, exactly, and nothing else is. */
interface WriteBehaviour extends StoreBehaviour {

  @Test
  default void findsWhatWasCreated() {
    var saga = create(aSaga("a").step("debit", "credit"));

    assertStored(saga);
    assertThat(store().find(new Gid("b"))).isEmpty();
  }

  @Test
  default void keepsEveryComponentOfEveryRecord() {
    for (var pair : Samples.all()) {
      create(pair.plain());
      create(pair.full());

      assertStored(pair.plain());
      assertStored(pair.full());
    }
  }

  @Test
  default void updatesEveryComponentThatMayChange() {
    for (var pair : Samples.all()) {
      var before = create(pair.plain());
      var after = withGidAndCreationOf(pair.plain(), pair.full());

      assertThat(write(new WriteCommand.Update(before, after)))
          .isEqualTo(new WriteOutcome.Applied());

      assertStored(after);
      var listed = listAll(new TransactionFilter(null, before.mode(), null, null), 10);
      assertThat(listed).containsExactly(after);
    }
  }

  private static GlobalTransaction withGidAndCreationOf(
      GlobalTransaction plain, GlobalTransaction full) {
    var old = plain.definition();
    var changed = full.definition();
    var definition =
        new TransactionDefinition(
            old.gid(),
            changed.spec(),
            changed.protocol(),
            changed.options(),
            changed.checkBackUrl(),
            changed.customData(),
            old.createdAt());
    return new GlobalTransaction(definition, full.branches(), full.progress());
  }

  @Test
  default void creatingATakenGidConflictsWithTheStoredOne() {
    var first = create(aSaga("a").step("debit"));

    var outcome = write(new WriteCommand.Create(aSaga("a").step("other", "steps").build()));

    assertThat(outcome).isEqualTo(new WriteOutcome.Conflict(first));
    assertStored(first);
    assertThat(listAll(TransactionFilter.all(), 10)).containsExactly(first);
  }

  @Test
  default void creatingATakenGidConflictsWithItsNewestVersion() {
    var newest = succeed(create(aSaga("a").step("debit")));

    var outcome = write(new WriteCommand.Create(aSaga("a").build()));

    assertThat(outcome).isEqualTo(new WriteOutcome.Conflict(newest));
  }

  @Test
  default void updatingReplacesTheVersionItWasMadeFrom() {
    var before = create(aSaga("a").step("debit"));
    clock().advance(Duration.ofSeconds(1));

    var after = update(before, before.movedTo(ABORTING, "no money", clock().instant()));

    assertThat(after.version()).isEqualTo(2);
    assertStored(after);
  }

  @Test
  default void updatingFromAnOlderVersionConflictsAndChangesNothing() {
    var first = create(aSaga("a").step("debit"));
    var second = update(first, first.movedTo(ABORTING, "no money", clock().instant()));
    var late = first.movedTo(SUCCEEDED, "", clock().instant()).nextVersion(clock().instant());

    var outcome = write(new WriteCommand.Update(first, late));

    assertThat(outcome).isEqualTo(new WriteOutcome.Conflict(second));
    assertStored(second);
    assertThat(listAll(TransactionFilter.all(), 10)).containsExactly(second);
  }

  @Test
  default void updatingFromAVersionThatIsNotYetThereConflicts() {
    var first = create(aSaga("a"));
    var second = first.nextVersion(clock().instant());
    var third = second.nextVersion(clock().instant());

    var outcome = write(new WriteCommand.Update(second, third));

    assertThat(outcome).isEqualTo(new WriteOutcome.Conflict(first));
    assertStored(first);
  }

  @Test
  default void updatingAMissingTransactionIsMissingAndCreatesNothing() {
    var before = aSaga("a").step("debit").build();

    var outcome = write(new WriteCommand.Update(before, before.nextVersion(clock().instant())));

    assertThat(outcome).isEqualTo(new WriteOutcome.Missing());
    assertThat(store().find(before.gid())).isEmpty();
    assertThat(listAll(TransactionFilter.all(), 10)).isEmpty();
    clock().advance(Duration.ofDays(1));
    var due = store().claimDue("n", Duration.ofSeconds(1), 10);
    assertThat(due.claimed()).isEmpty();
    assertThat(due.nextDueAt()).isNull();
  }

  @Test
  default void anEmptyBatchHasNoOutcomes() {
    assertThat(store().apply(List.of())).isEmpty();
  }

  @Test
  default void commandsOfOneGidSeeTheOnesBeforeThemInTheBatch() {
    var now = clock().instant();
    var first = aSaga("a").step("debit", "credit").build();
    var second =
        first.withBranch(1, first.branches().get(1).progress().succeeded(now)).nextVersion(now);
    var third = appended(second, "03").nextVersion(now);
    var fourth = third.movedTo(SUCCEEDED, "", now).nextVersion(now);

    var outcomes =
        store()
            .apply(
                List.of(
                    new WriteCommand.Update(first, second),
                    new WriteCommand.Create(first),
                    new WriteCommand.Create(aSaga("a").build()),
                    new WriteCommand.Update(first, second),
                    new WriteCommand.Update(first, second),
                    new WriteCommand.Update(second, third),
                    new WriteCommand.Update(third, fourth),
                    new WriteCommand.Create(first)));

    assertThat(outcomes)
        .containsExactly(
            new WriteOutcome.Missing(),
            new WriteOutcome.Applied(),
            new WriteOutcome.Conflict(first),
            new WriteOutcome.Applied(),
            new WriteOutcome.Conflict(second),
            new WriteOutcome.Applied(),
            new WriteOutcome.Applied(),
            new WriteOutcome.Conflict(fourth));
    assertStored(fourth);
    assertThat(listAll(TransactionFilter.all(), 10)).containsExactly(fourth);
    assertThat(store().claimDue("n", Duration.ofSeconds(1), 10).nextDueAt()).isNull();
  }

  @Test
  default void outcomesComeInTheOrderOfTheBatch() {
    var taken = create(aSaga("taken"));
    var known = create(aSaga("known"));
    var unknown = aSaga("unknown").build();
    var now = clock().instant();

    var outcomes =
        store()
            .apply(
                List.of(
                    new WriteCommand.Create(aSaga("new").build()),
                    new WriteCommand.Create(aSaga("taken").build()),
                    new WriteCommand.Update(unknown, unknown.nextVersion(now)),
                    new WriteCommand.Update(known, known.nextVersion(now))));

    assertThat(outcomes)
        .containsExactly(
            new WriteOutcome.Applied(),
            new WriteOutcome.Conflict(taken),
            new WriteOutcome.Missing(),
            new WriteOutcome.Applied());
    assertThat(gids(listAll(TransactionFilter.all(), 10)))
        .containsExactlyInAnyOrder("new", "taken", "known");
  }

  @Test
  default void carriesOutALargeBatch() {
    var commands = new ArrayList<WriteCommand>();
    for (int i = 0; i < 1_000; i++) {
      commands.add(new WriteCommand.Create(aSaga("saga-" + i).step("debit", "credit").build()));
    }

    var outcomes = store().apply(commands);

    assertThat(outcomes).hasSize(1_000).containsOnly(new WriteOutcome.Applied());
    for (var command : commands) {
      assertStored(((WriteCommand.Create) command).transaction());
    }
  }

  @Test
  default void updatingWritesBranchesThatProgressed() {
    var first = create(aSaga("a").step("debit", "credit", "notify"));

    clock().advance(Duration.ofMillis(5));
    var second = update(first, succeeded(succeeded(first, 1), 3));
    assertStored(second);

    clock().advance(Duration.ofMillis(5));
    var refusal = second.branches().get(5).progress().refused("no paper", clock().instant());
    var third =
        update(
            second, second.withBranch(5, refusal).movedTo(ABORTING, "no paper", clock().instant()));
    assertStored(third);

    var unclear = third.branches().get(0).progress().unclear("HTTP 500", clock().instant());
    var fourth = update(third, third.withBranch(0, unclear));
    assertStored(fourth);
    assertThat(fourth.branches().get(1).progress().finishedAt())
        .isEqualTo(SettableClock.START.plusMillis(5));
  }

  @Test
  default void updatingWritesBranchesAppendedAfterCreation() {
    var first = create(aSaga("a").step("debit"));

    var second = update(first, appended(appended(first, "02"), "03"));
    assertStored(second);

    var third = update(second, appended(succeeded(second, 2), "04"));
    assertStored(third);

    var fourth = update(third, succeeded(succeeded(third, 0), 4));
    assertStored(fourth);
    assertThat(fourth.branches()).hasSize(5);
  }

  @Test
  default void updatingWritesABranchThatProgressedBeforeItWasStored() {
    var first = create(aSaga("a"));

    var second = update(first, succeeded(appended(first, "01"), 0));

    assertStored(second);
  }

  @Test
  default void updatingWritesAChangedDefinition() {
    var first = create(aSaga("a").step("debit").status(PREPARED));
    var second = update(first, appended(succeeded(first, 1), "02"));
    var old = second.definition();
    var definition =
        new TransactionDefinition(
            old.gid(),
            new TransactionSpec.Saga(true, Map.of(1, List.of(0))),
            BranchProtocol.JSON_RPC,
            new TransactionOptions(
                true, Duration.ofHours(1), Duration.ZERO, Duration.ZERO, 3, true, Map.of("k", "v")),
            old.checkBackUrl(),
            "{\"concurrent\":true}",
            old.createdAt());
    var redefined = new GlobalTransaction(definition, second.branches(), second.progress());

    var third = update(second, redefined.movedTo(SUBMITTED, "", clock().instant()));
    assertStored(third);

    var fourth = update(third, appended(succeeded(third, 2), "03"));
    assertStored(fourth);
  }

  @Test
  default void updatingWritesTheFinalStatus() {
    var saga = create(aSaga("a").step("debit"));

    var finished = fail(saga, "stopped");

    assertStored(finished);
    assertThat(finished.status()).isEqualTo(FAILED);
    assertThat(finished.progress().finishedAt()).isEqualTo(clock().instant());
  }

  @Test
  default void tellsGidsApartThatBeginAlike() {
    var names =
        List.of(
            "a", "a1", "a10", "a-1", "a/1", "a;1", "a 1", "A", "ä", "ä1", "a\u00a0", "a\u0301", "東",
            "東京", "🚀", "🚀1", "\uffff", "a*", "a%", "a_", "a'", "{a}", "a:b", "0", "00");
    for (var name : names) {
      create(aSaga(name).step("first-" + name.length()));
    }

    for (var name : names) {
      update(stored(name), appended(stored(name), "for " + name));
    }
    succeed(stored("a1"));

    for (var name : names) {
      var saga = stored(name);
      assertThat(saga.gid().value()).isEqualTo(name);
      assertThat(saga.status()).isEqualTo(name.equals("a1") ? SUCCEEDED : SUBMITTED);
      assertThat(saga.branches())
          .extracting(Branch::branchId)
          .containsExactly("01", "01", "for " + name);
    }
    assertThat(gids(listAll(TransactionFilter.all(), 3)))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  default void keepsTheLongestGid() {
    var gid = "京".repeat(Gid.LENGTH_MAX);

    create(aSaga(gid).step("debit"));

    assertThat(stored(gid).gid().value()).isEqualTo(gid);
    assertThat(gids(listAll(TransactionFilter.all(), 3))).containsExactly(gid);
  }

  @Test
  default void keepsTwoThousandBranches() {
    var builder = aSaga("a");
    for (int i = 0; i < 1_000; i++) {
      builder.step("step-" + i);
    }
    var first = create(builder);
    assertStored(first);

    var changed = succeeded(succeeded(first, 0), 1_999);
    for (int i = 0; i < 100; i++) {
      changed = appended(changed, "late-" + i);
    }
    var second = update(first, changed);

    assertThat(second.branches()).hasSize(2_100);
    assertStored(second);
  }

  @Test
  default void keepsAPayloadOfFourMebibytes() {
    var bytes = new byte[4 << 20];
    new Random(7).nextBytes(bytes);
    var other = bytes.clone();
    other[other.length - 1]++;
    var first =
        create(
            aSaga("a")
                .payload(Payload.of(bytes))
                .step("debit")
                .payload(Payload.of(other))
                .step("credit"));

    var second = update(first, succeeded(first, 1));

    assertStored(second);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1 << 10, 1 << 16, 1 << 20})
  default void keepsALongRollbackReason(int length) {
    var reason = "é".repeat(length / 2);
    var saga = create(aSaga("a").step("debit"));

    var failed = fail(saga, reason);

    assertThat(failed.progress().rollbackReason()).isEqualTo(reason);
    assertStored(failed);
  }

  private static GlobalTransaction succeeded(GlobalTransaction before, int index) {
    var progress = before.branches().get(index).progress();
    return before.withBranch(index, progress.succeeded(SettableClock.START.plusMillis(5)));
  }

  private static GlobalTransaction appended(GlobalTransaction before, String branchId) {
    var branches = new ArrayList<>(before.branches());
    branches.add(
        Branch.planned(
            branchId,
            new Operation("confirm"),
            "http://late/" + branchId,
            Payload.ofText("payload of " + branchId),
            SettableClock.START.plusSeconds(2)));
    return new GlobalTransaction(before.definition(), branches, before.progress());
  }
}
