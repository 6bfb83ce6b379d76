package io.dtm.server.engine;

import static io.dtm.server.engine.Sagas.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.engine.RetryPolicies.ForDestination;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose policy counts, and what it makes of a pass that ended unfinished. */
class RetryRuleTest {
  private static final Instant NOW = Sagas.CREATED.plusSeconds(1);
  private static final Duration OPEN = Duration.ZERO;

  private final PassState pass = new PassState();

  private static RetryRule rule(RetryPolicy server, ForDestination... destinations) {
    return new RetryRule(
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Duration.ofSeconds(35),
        new RetryPolicies(server, List.of(destinations)));
  }

  private static GlobalTransaction saga(RetryPolicy policy) {
    return aSaga("debit", "credit").options(options(policy)).build();
  }

  private static TransactionOptions options(RetryPolicy policy) {
    return new TransactionOptions(false, OPEN, OPEN, policy, 0, false, Map.of());
  }

  private static RetryPolicy attempts(int max) {
    return new RetryPolicy(OPEN, 0, OPEN, max, OPEN);
  }

  private static RetryPolicy age(Duration max) {
    return new RetryPolicy(OPEN, 0, OPEN, 0, max);
  }

  private static RetryPolicy pauses(int interval, int factor, int max) {
    return new RetryPolicy(
        Duration.ofSeconds(interval), factor, Duration.ofSeconds(max), 0, Duration.ZERO);
  }

  /** The pauses, in seconds, while the first action goes on failing. */
  private List<Long> pauses(RetryRule rule, GlobalTransaction saga, int count) {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));
    var current = saga;
    var pauses = new ArrayList<Long>();
    for (int i = 0; i < count; i++) {
      current = current.withSchedule(rule.after(current, pass, NOW));
      pauses.add(current.schedule().interval().toSeconds());
    }
    return pauses;
  }

  @Test
  void pausesDoubleUpToTenMinutesUnlessSomebodySaysOtherwise() {
    assertThat(pauses(rule(RetryPolicy.open()), saga(RetryPolicy.open()), 8))
        .containsExactly(20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L);
  }

  @Test
  void aTransactionChoosesItsPauses() {
    assertThat(pauses(rule(RetryPolicy.open()), saga(pauses(10, 3, 100)), 4))
        .containsExactly(30L, 90L, 100L, 100L);
    assertThat(pauses(rule(RetryPolicy.open()), saga(pauses(10, 1, 100)), 3))
        .containsExactly(10L, 10L, 10L);
  }

  @Test
  void aDestinationHasPausesOfItsOwn() {
    var rule = rule(RetryPolicy.open(), new ForDestination("debit:80", pauses(60, 3, 900)));

    assertThat(pauses(rule, saga(RetryPolicy.open()), 4)).containsExactly(180L, 540L, 900L, 900L);
  }

  @Test
  void theTransactionWinsOverTheDestinationAndThatOverTheServer() {
    var rule = rule(attempts(7), new ForDestination("debit:80", attempts(5)));
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    assertThat(limit(rule, saga(attempts(3)))).isEqualTo(3);
    assertThat(limit(rule, saga(RetryPolicy.open()))).isEqualTo(5);
    assertThat(limit(rule(attempts(7)), saga(RetryPolicy.open()))).isEqualTo(7);
  }

  /** After how many failed passes the transaction is parked. */
  private int limit(RetryRule rule, GlobalTransaction saga) {
    var current = saga;
    for (int i = 1; i <= 100; i++) {
      current = current.withSchedule(rule.after(current, pass, NOW));
      if (current.schedule().isParked()) {
        return i;
      }
    }
    throw new AssertionError("not parked after 100 passes");
  }

  @Test
  void theFirstPatternThatMatchesCounts() {
    var rule =
        rule(
            RetryPolicy.open(),
            new ForDestination("debit:8080", attempts(1)),
            new ForDestination("deb*:*", attempts(2)),
            new ForDestination("*", attempts(3)));
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    assertThat(limit(rule, saga(RetryPolicy.open()))).isEqualTo(2);
  }

  @Test
  void thePolicyIsThatOfTheFirstBranchThatFailed() {
    var rule =
        rule(
            RetryPolicy.open(),
            new ForDestination("credit:80", attempts(1)),
            new ForDestination("debit:80", attempts(2)));
    pass.leftOpen(1, new BranchResult.Ongoing());
    pass.leftOpen(3, new BranchResult.Unclear("HTTP 503"));

    var parking = rule.after(saga(RetryPolicy.open()), pass, NOW).parking();

    assertThat(parking).isNotNull();
    assertThat(parking.destination()).isEqualTo("credit:80");
    assertThat(parking.reason())
        .isEqualTo(
            "failed attempts in a row: 1 (at most 1); branch 02 action at http://credit/do: HTTP"
                + " 503");
  }

  @Test
  void workThatGoesOnIsNoFailedAttemptButGrowsOld() {
    pass.leftOpen(1, new BranchResult.Ongoing());
    var rule = rule(new RetryPolicy(OPEN, 0, OPEN, 1, Duration.ofMinutes(1)));
    var saga = saga(RetryPolicy.open());

    var first = rule.after(saga, pass, NOW);
    var second = rule.after(saga.withSchedule(first), pass, NOW.plusSeconds(59));
    var third = rule.after(saga.withSchedule(second), pass, NOW.plusSeconds(60));

    assertThat(first.retryingSince()).isEqualTo(NOW);
    assertThat(second.isParked()).isFalse();
    assertThat(third.parking()).isNotNull();
    assertThat(third.parking().reason())
        .isEqualTo(
            "seconds without progress: 60 (at most 60); branch 01 action at http://debit/do: still at"
                + " work");
  }

  @Test
  void progressMakesItYoungAgain() {
    var rule = rule(age(Duration.ofMinutes(1)));
    var old =
        saga(RetryPolicy.open())
            .withSchedule(
                new Schedule(NOW, Duration.ofSeconds(10), 5, "", NOW.minusSeconds(100), null));
    pass.settled(1);
    pass.leftOpen(3, new BranchResult.Unclear("HTTP 500"));

    var schedule = rule.after(old, pass, NOW);

    assertThat(schedule.isParked()).isFalse();
    assertThat(schedule.retryingSince()).isEqualTo(NOW);
    assertThat(schedule.failures()).isEqualTo(1);
  }

  @Test
  void withoutALimitOfAgeNothingIsNotedDown() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));

    var schedule = rule(attempts(9)).after(saga(RetryPolicy.open()), pass, NOW);

    assertThat(schedule.retryingSince()).isNull();
  }

  @Test
  void aLongReasonIsCut() {
    pass.leftOpen(1, new BranchResult.Unclear("x".repeat(1 << 20)));

    var parking = rule(attempts(1)).after(saga(RetryPolicy.open()), pass, NOW).parking();

    assertThat(parking).isNotNull();
    assertThat(parking.reason()).hasSize(1_000).endsWith("…");
  }

  @Test
  void whoeverWasResumedBeginsWithTheFirstPause() {
    pass.leftOpen(1, new BranchResult.Unclear("HTTP 500"));
    var rule = rule(attempts(3));
    var parked = rule.after(saga(attempts(1)), pass, NOW);

    var resumed = saga(attempts(3)).withSchedule(parked.claimed("node", NOW));

    assertThat(resumed.schedule().failures()).isZero();
    assertThat(rule.after(resumed, pass, NOW).interval()).isEqualTo(Duration.ofSeconds(20));
    assertThat(rule.idle(resumed, NOW).interval()).isEqualTo(Duration.ofSeconds(20));
  }
}
