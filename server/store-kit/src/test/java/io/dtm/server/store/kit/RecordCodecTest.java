package io.dtm.server.store.kit;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionStatus;
import io.dtm.testing.store.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordCodecTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant NOW = SettableClock.START.plusMillis(3);

  private static byte[] definition(GlobalTransaction saga) {
    return RecordCodec.definition(saga.definition(), saga.branches());
  }

  private static byte[] progress(GlobalTransaction saga) {
    return RecordCodec.progress(saga, Head.of(saga, saga.branches().size()));
  }

  private static GlobalTransaction decoded(Gid gid, byte[] definition, byte[] progress) {
    var read = RecordCodec.definition(gid, definition);
    return RecordCodec.transaction(read.definition(), read.plan(), progress);
  }

  private static GlobalTransaction finishedSaga() {
    var saga = aSaga("a").step("debit", "credit").build();
    for (int i : new int[] {1, 3}) {
      saga = saga.withBranch(i, saga.branches().get(i).progress().succeeded(NOW));
    }
    return saga.movedTo(TransactionStatus.SUCCEEDED, "", NOW).nextVersion(NOW);
  }

  @Test
  void carriesTextsThatAreNotUnicode() {
    var odd = "half \uD83D of \uDE80 a pair, 🚀 and \u0000";
    var saga = aSaga("a").step("debit").rollbackReason(odd).build();

    assertThat(decoded(saga.gid(), definition(saga), progress(saga))).isEqualTo(saga);
  }

  @Test
  void carriesInstantsHoweverFar() {
    for (var instant : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH, NOW)) {
      var saga = aSaga("a").step("debit").createdAt(instant).dueAt(NOW).build();
      assertThat(decoded(saga.gid(), definition(saga), progress(saga))).isEqualTo(saga);
      var other = aSaga("a").step("debit").dueAt(instant).build();
      assertThat(decoded(other.gid(), definition(other), progress(other))).isEqualTo(other);
    }
  }

  @Test
  void storesAPayloadOfSeveralBranchesOnce() {
    var payload = Payload.of(new byte[10_000]);
    var saga = aSaga("a").payload(payload).step("debit", "credit", "notify").build();

    assertThat(definition(saga)).hasSizeBetween(10_000, 10_400);
  }

  @Test
  void untouchedBranchesCostNothingInProgress() {
    var few = aSaga("a").step("debit").build();
    var many = aSaga("a");
    for (int i = 0; i < 1_000; i++) {
      many.step("step-" + i);
    }

    assertThat(progress(many.build())).hasSizeLessThanOrEqualTo(progress(few).length + 1);
  }

  @Test
  void aFinishedSagaOfTwoStepsIsSmall() {
    assertThat(progress(finishedSaga())).hasSizeLessThan(80);
  }

  @Test
  void headsTellWhatTheRecordTells() {
    var saga = finishedSaga();

    var head = RecordCodec.head("a", progress(saga));

    assertThat(head).isEqualTo(Head.of(saga, 4));
  }

  @Test
  void reschedulingChangesNothingElse() {
    var saga = aSaga("a").step("debit").claimedBy("node", NOW).rollbackReason("no").build();
    var next = saga.schedule().due(NOW.plusSeconds(1));
    var head = Head.of(saga, 2).next(next.dueAt());

    var changed = RecordCodec.rescheduled(progress(saga), head, next);

    var read = decoded(saga.gid(), definition(saga), changed);
    assertThat(read).isEqualTo(saga.withSchedule(next).nextVersion(saga.progress().updatedAt()));
  }

  @Test
  void onlyWhatUsesTheSecondFormatIsWrittenInIt() {
    var plain = aSaga("a").step("debit").build();
    var parked = aSaga("a").step("debit").parked("gave up", "debit:80", NOW).build();
    var timed = plain.withSchedule(new Schedule(NOW, Duration.ZERO, 1, "", NOW, null));
    var choosy =
        aSaga("a").options(options(new RetryPolicy(SECOND, 1, SECOND, 5, Duration.ZERO))).build();
    var modest = aSaga("a").options(options(RetryPolicy.ofInterval(SECOND))).build();

    assertThat(definition(plain)[0]).isEqualTo((byte) 1);
    assertThat(definition(modest)[0]).isEqualTo((byte) 1);
    assertThat(definition(choosy)[0]).isEqualTo((byte) 2);
    assertThat(definition(parked)[0]).isEqualTo((byte) 1);
    assertThat(progress(plain)[0]).isEqualTo((byte) 1);
    assertThat(progress(parked)[0]).isEqualTo((byte) 2);
    assertThat(progress(timed)[0]).isEqualTo((byte) 2);
    for (var saga : List.of(plain, parked, timed, choosy, modest)) {
      assertThat(decoded(saga.gid(), definition(saga), progress(saga))).isEqualTo(saga);
    }
  }

  @Test
  void aResumedTransactionIsOfTheFirstFormatAgain() {
    var parked = aSaga("a").step("debit").parked("gave up", "debit:80", NOW).build();
    var resumed = parked.schedule().due(NOW);
    var head = Head.of(parked, 2).next(NOW);

    var rescheduled = RecordCodec.rescheduled(progress(parked), head, resumed);

    assertThat(rescheduled[0]).isEqualTo((byte) 1);
    assertThat(RecordCodec.schedule(parked.gid(), rescheduled)).isEqualTo(resumed);
    var back = RecordCodec.rescheduled(rescheduled, Head.of(parked, 2), parked.schedule());
    assertThat(back).isEqualTo(progress(parked));
  }

  private static TransactionOptions options(RetryPolicy policy) {
    return new TransactionOptions(false, Duration.ZERO, Duration.ZERO, policy, 0, false, Map.of());
  }

  @Test
  void refusesANewerVersionOfARecord() {
    var saga = finishedSaga();
    var definition = definition(saga);
    var progress = progress(saga);
    definition[0] = 3;
    progress[0] = 9;

    assertThatThrownBy(() -> RecordCodec.definition(saga.gid(), definition))
        .isInstanceOf(RecordUnreadable.class)
        .hasMessage("definition of a: format 3 (supported: 1 to 2)");
    assertThatThrownBy(() -> RecordCodec.head(saga.gid(), progress))
        .isInstanceOf(RecordUnreadable.class)
        .hasMessage("progress of a: format 9 (supported: 1 to 2)");
  }

  @Test
  void refusesARecordThatWasCutOffAnywhere() {
    var saga = finishedSaga();
    var definition = definition(saga);
    var progress = progress(saga);

    for (int length = 0; length < definition.length; length++) {
      var cut = Arrays.copyOf(definition, length);
      assertThatThrownBy(() -> RecordCodec.definition(saga.gid(), cut))
          .isInstanceOf(RecordUnreadable.class);
    }
    for (int length = 0; length < progress.length; length++) {
      var cut = Arrays.copyOf(progress, length);
      assertThatThrownBy(() -> decoded(saga.gid(), definition, cut))
          .isInstanceOf(RecordUnreadable.class);
    }
    assertThatThrownBy(() ->
            RecordCodec.definition(saga.gid(), Arrays.copyOf(definition, definition.length + 1)))
        .isInstanceOf(RecordUnreadable.class);
  }

  @Test
  void refusesNonsenseWithoutTakingMuchMemory() {
    var huge = new byte[12];
    Arrays.fill(huge, (byte) 0xFF);
    huge[0] = (byte) RecordCodec.NEWEST_FORMAT;
    huge[11] = 0x7F;

    assertThatThrownBy(() -> RecordCodec.definition(new Gid("a"), huge))
        .isInstanceOf(RecordUnreadable.class);
    assertThatThrownBy(() -> RecordCodec.entry(huge)).isInstanceOf(RecordUnreadable.class);
  }

  @Test
  void carriesSettings() {
    var entry = new Entry("topics", "köln", "[\"http://a\"]", 3, SettableClock.START, NOW);

    assertThat(RecordCodec.entry(RecordCodec.entry(entry))).isEqualTo(entry);
  }

  @Test
  void everyConstantHasACodeOfItsOwn() {
    for (var status : TransactionStatus.values()) {
      assertThat(Codes.transactionStatus(Codes.of(status))).isEqualTo(status);
    }
    for (var mode : TransactionMode.values()) {
      assertThat(Codes.transactionMode(Codes.of(mode))).isEqualTo(mode);
    }
    assertThatThrownBy(() -> Codes.branchStatus(99))
        .hasMessage("branch status: code 99 is unknown");
    for (var protocol : BranchProtocol.values()) {
      assertThat(Codes.branchProtocol(Codes.of(protocol))).isEqualTo(protocol);
    }
    for (var status : BranchStatus.values()) {
      assertThat(Codes.branchStatus(Codes.of(status))).isEqualTo(status);
    }
  }
}
