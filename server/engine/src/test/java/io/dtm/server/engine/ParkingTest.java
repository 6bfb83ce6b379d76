package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static io.dtm.server.engine.Sagas.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Transactions that are given up, seen, and taken up again. */
class ParkingTest extends EngineFixture {
  private static final String DEBIT = "http://debit/do";

  private static TransactionOptions policy(int attemptsMax, Duration ageMax) {
    var policy = new RetryPolicy(Duration.ZERO, 0, Duration.ZERO, attemptsMax, ageMax);
    return new TransactionOptions(false, Duration.ZERO, Duration.ZERO, policy, 0, false, Map.of());
  }

  private static TransactionOptions attempts(int max) {
    return policy(max, Duration.ZERO);
  }

  private void fail(String url, int times) {
    participants.answer(url, Collections.nCopies(times, UNCLEAR).toArray(BranchResult[]::new));
  }

  /** A saga that was given up after its first failed attempt. */
  private void park(String gid) {
    fail(DEBIT, 1);
    submit(gid, attempts(1));
    settle();
    assertThat(stored(gid).schedule().isParked()).isTrue();
  }

  private static ResumeRequest resume(int limit, int perSecond) {
    return new ResumeRequest(null, "", "", limit, perSecond, Duration.ZERO, "", false);
  }

  @Test
  void staysParkedWhenTheDestinationThatItWaitedForIsBack() {
    park("a");

    assertThat(engine.resume(new Gid("a"))).as("another try is not worth while").isTrue();

    settle();
    assertThat(stored("a").schedule().isParked()).isTrue();
    assertThat(participants.calls(DEBIT)).isEqualTo(1);
  }

  @Test
  void isParkedAfterItsLastAttemptAndNotCalledAnyMore() {
    fail(DEBIT, 100);
    submit("a", attempts(3));

    advance(Duration.ofHours(12));

    assertThat(participants.calls(DEBIT)).isEqualTo(3);
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);
    var parking = stored("a").schedule().parking();
    assertThat(parking).isNotNull();
    assertThat(parking.reason())
        .isEqualTo(
            "failed attempts in a row: 3 (at most 3); branch 01 action at http://debit/do: HTTP 500");
    assertThat(parking.destination()).isEqualTo("debit:80");
    assertThat(parking.since()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void withoutAPolicyNothingIsEverParked() {
    fail(DEBIT, 1_000);
    submit("a", DEFAULTS);

    advance(Duration.ofHours(12));

    assertThat(stored("a").schedule().isParked()).isFalse();
    assertThat(participants.calls(DEBIT)).isGreaterThan(60);
  }

  @Test
  void isParkedWhenItHasMadeNoProgressForTooLong() {
    fail(DEBIT, 100);
    submit("a", policy(0, Duration.ofMinutes(5)));

    advance(Duration.ofHours(2));

    var parking = stored("a").schedule().parking();
    assertThat(parking).isNotNull();
    assertThat(parking.reason())
        .startsWith("seconds without progress: 300 (at most 300); branch 01");
  }

  @Test
  void progressOfAnyBranchCountsAnew() {
    fail(DEBIT, 2);
    fail("http://credit/do", 2);
    submit("a", attempts(3));

    advance(Duration.ofHours(2));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void tellsOfParkingOnceInsteadOfOneMoreRetry() {
    fail(DEBIT, 100);
    submit("a", attempts(2));

    advance(Duration.ofHours(2));

    var parked = events.stream().filter(EngineEvent.Parked.class::isInstance).toList();
    assertThat(parked)
        .containsExactly(
            new EngineEvent.Parked(
                stored("a"), DEBIT, "HTTP 500", stored("a").schedule().parking()));
    assertThat(events).filteredOn(EngineEvent.RetryScheduled.class::isInstance).hasSize(1);
  }

  @Test
  void retryNowResumesItAndItsAttemptsCountAnew() {
    park("a");
    fail(DEBIT, 1);

    assertThat(coordinator.retryNow(new Gid("a"))).isEqualTo(new CommandOutcome.Accepted());

    settle();
    assertThat(stored("a").schedule().isParked()).as("parked again, after another try").isTrue();
    assertThat(participants.calls(DEBIT)).isEqualTo(2);
    coordinator.retryNow(new Gid("a"));
    settle();
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void itsAgeCountsAnewOnceItWasResumed() {
    fail(DEBIT, 1_000);
    submit("a", policy(0, Duration.ofMinutes(5)));
    advance(Duration.ofHours(2));
    long calls = participants.calls(DEBIT);

    coordinator.retryNow(new Gid("a"));
    advance(Duration.ofMinutes(4));

    assertThat(stored("a").schedule().isParked()).isFalse();
    assertThat(participants.calls(DEBIT)).isGreaterThan(calls + 2);
    advance(Duration.ofMinutes(10));
    assertThat(stored("a").schedule().isParked()).isTrue();
  }

  @Test
  void aRepeatedSubmitResumesIt() {
    park("a");

    submit("a", WAITED);

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void aRepeatedAbortResumesIt() {
    var gid = new Gid("a");
    coordinator.prepare(tcc("a", attempts(1)));
    coordinator.register(
        gid, TransactionMode.TCC, List.of(branch("01", "cancel", "http://debit/cancel")));
    fail("http://debit/cancel", 1);
    coordinator.abort(gid, TransactionMode.TCC, "no");
    settle();
    assertThat(stored("a").status()).isEqualTo(ABORTING);
    assertThat(stored("a").schedule().isParked()).isTrue();

    coordinator.abort(gid, TransactionMode.TCC, "no");

    settle();
    assertThat(stored("a").status()).isEqualTo(FAILED);
  }

  @Test
  void aPreparedMessageWhoseSenderCannotTellIsParkedUntilItSubmits() {
    var message =
        new TransactionRequest(
            new Gid("m"),
            new TransactionSpec.Message(Duration.ZERO),
            BranchProtocol.HTTP,
            attempts(2),
            "http://sender/check",
            "",
            List.of(step("debit")));
    fail("http://sender/check", 100);
    coordinator.prepare(message);
    advance(Duration.ofHours(2));
    assertThat(stored("m").status()).isEqualTo(PREPARED);
    var parking = stored("m").schedule().parking();
    assertThat(parking).isNotNull();
    assertThat(parking.reason())
        .isEqualTo(
            "failed attempts in a row: 2 (at most 2); the check-back at http://sender/check: HTTP"
                + " 500");

    coordinator.submit(message);

    settle();
    assertThat(stored("m").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void aForcedStopEndsItForGood() {
    park("a");

    assertThat(coordinator.forceStop(new Gid("a"))).isEqualTo(new CommandOutcome.Accepted());

    assertThat(stored("a").status()).isEqualTo(FAILED);
    assertThat(stored("a").schedule().isParked()).isFalse();
  }

  @Test
  void resettingWhatIsDueFarAheadResumesIt() {
    park("a");

    coordinator.retryAllNow(Duration.ofSeconds(105), 10);

    settle();
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void anotherNodeKnowsOfItToo() {
    park("a");

    var other = startEngine("node-2", time, CONFIG).coordinator();
    advance(Duration.ofHours(2));

    assertThat(participants.calls(DEBIT)).isEqualTo(1);
    assertThat(other.resumeParked(resume(10, 100)).count()).isEqualTo(1);
    settle();
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void manyAreResumedAtARate() {
    for (int i = 0; i < 30; i++) {
      park("a" + i);
    }

    assertThat(coordinator.resumeParked(resume(100, 10))).isEqualTo(outcome(30, false));

    settle();
    assertThat(count()).isEqualTo(1);
    advance(Duration.ofSeconds(1).minusMillis(1));
    assertThat(count()).isEqualTo(10);
    advance(Duration.ofSeconds(1));
    assertThat(count()).isEqualTo(20);
    advance(Duration.ofSeconds(1));
    assertThat(count()).isEqualTo(30);
  }

  /** How many sagas have ended. */
  private long count() {
    return participants.calls("http://credit/do");
  }

  private static ResumeOutcome outcome(int count, boolean hasRemaining) {
    return new ResumeOutcome(count, hasRemaining, "");
  }

  @Test
  void theRateIsKeptByTheNextServerWhenThisOneDies() throws Exception {
    for (int i = 0; i < 10; i++) {
      park("a" + i);
    }
    coordinator.resumeParked(resume(100, 1));
    settle();
    engine.drain(Duration.ofSeconds(1));
    engine.close();

    startEngine("node-2", time, CONFIG);

    advance(Duration.ofSeconds(4));
    assertThat(count()).isEqualTo(5);
    advance(Duration.ofSeconds(5));
    assertThat(count()).isEqualTo(10);
  }

  @Test
  void theFirstOnesGoOnAfterADelay() {
    park("a");

    coordinator.resumeParked(
        new ResumeRequest(null, "", "", 10, 10, Duration.ofSeconds(60), "", false));

    advance(Duration.ofSeconds(59));
    assertThat(stored("a").status()).isEqualTo(SUBMITTED);
    advance(Duration.ofSeconds(1));
    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void noMoreAreResumedThanAskedForLongestParkedFirst() {
    for (int i = 0; i < 5; i++) {
      park("a" + i);
      advance(Duration.ofSeconds(1));
    }

    assertThat(coordinator.resumeParked(resume(2, 10))).isEqualTo(outcome(2, true));

    advance(Duration.ofSeconds(1));
    assertThat(stored("a0").status()).isEqualTo(SUCCEEDED);
    assertThat(stored("a1").status()).isEqualTo(SUCCEEDED);
    assertThat(stored("a2").schedule().isParked()).isTrue();
    assertThat(coordinator.resumeParked(resume(10, 10))).isEqualTo(outcome(3, false));
  }

  @Test
  void onlyThoseThatMatchAreResumed() {
    park("saga");
    coordinator.prepare(tcc("tcc", attempts(1)));
    coordinator.register(
        new Gid("tcc"),
        TransactionMode.TCC,
        List.of(branch("01", "confirm", "http://OTHER:8080/x")));
    participants.answer("http://OTHER:8080/x", new BranchResult.Unclear("HTTP 503: busy"));
    coordinator.submit(tcc("tcc", attempts(1)));
    settle();

    assertThat(dryRun(TransactionMode.XA, "", "")).isZero();
    assertThat(dryRun(TransactionMode.SAGA, "", "")).isEqualTo(1);
    assertThat(dryRun(null, "other:8080", "")).isEqualTo(1);
    assertThat(dryRun(null, "other", "")).isZero();
    assertThat(dryRun(null, "", "busy")).isEqualTo(1);
    assertThat(dryRun(null, "", "HTTP 50")).isEqualTo(2);
    assertThat(dryRun(TransactionMode.SAGA, "other:8080", "")).isZero();
    coordinator.resumeParked(
        new ResumeRequest(null, "other:8080", "", 10, 10, Duration.ZERO, "", false));

    settle();
    assertThat(stored("tcc").status()).isEqualTo(SUCCEEDED);
    assertThat(stored("saga").schedule().isParked()).isTrue();
  }

  private int dryRun(TransactionMode mode, String destination, String reason) {
    return coordinator
        .resumeParked(new ResumeRequest(mode, destination, reason, 1, 1, Duration.ZERO, "", true))
        .count();
  }

  @Test
  void aDryRunCountsAndChangesNothing() {
    var before = new ArrayList<Long>();
    for (int i = 0; i < 3; i++) {
      park("a" + i);
      before.add(stored("a" + i).version());
    }

    assertThat(dryRun(null, "", "")).isEqualTo(3);

    settle();
    for (int i = 0; i < 3; i++) {
      assertThat(stored("a" + i).version()).isEqualTo(before.get(i));
    }
  }

  @Test
  void aPositionThatIsNoneIsRefused() {
    assertThatThrownBy(() ->
            coordinator.resumeParked(
                new ResumeRequest(null, "", "", 1, 1, Duration.ZERO, "?", false)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TransactionRequest tcc(String gid, TransactionOptions options) {
    return new TransactionRequest(
        new Gid(gid), new TransactionSpec.Tcc(), BranchProtocol.HTTP, options, "", "", List.of());
  }

  private static NewBranch branch(String id, String operation, String url) {
    return new NewBranch(id, new Operation(operation), url, Payload.empty(), BranchStatus.PREPARED);
  }
}
