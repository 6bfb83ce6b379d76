package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each loop makes of a server that stands still for a while. */
class PaceTest {
  private static final Duration TURN = Duration.ofMillis(600);
  private static final Duration STALL = Duration.ofMillis(400);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);
  private static final double RATE = 200;
  private static final double STALLED_MILLIS = 100;

  private final StallingServer server = new StallingServer(STALL);
  private final CallLedger ledger = new CallLedger(Mode.SAGA, "pace-");
  private final HttpUsers users =
      HttpUsers.start(
          new Flow(Mode.SAGA, Wire.HTTP, true), server.address(), server.address(), 1, END_LIMIT);

  @AfterEach
  void stop() {
    users.close();
    server.close();
  }

  @Test
  void anOpenLoopChargesAStallForEverybodyWhoWouldHaveComeMeanwhile() throws Exception {
    var tally = load(new Pace.Open(RATE));

    assertThat(tally.failed()).isZero();
    assertThat(tally.succeeded()).isEqualTo((long) (RATE * TURN.toMillis() / 1_000));
    // It stood still for two thirds of the turn, and half of those who came then waited for long.
    assertThat(tally.millisAt(70)).isGreaterThan(STALLED_MILLIS);
    assertThat(tally.longestMillis()).isGreaterThanOrEqualTo(STALL.toMillis());
  }

  @Test
  void aClosedLoopShowsTheSameStallOnce() throws Exception {
    var tally = load(new Pace.Closed());

    assertThat(tally.failed()).isZero();
    assertThat(tally.longestMillis()).isGreaterThanOrEqualTo(STALL.toMillis());
    assertThat(tally.millisAt(70)).isLessThan(STALLED_MILLIS);
  }

  private Tally load(Pace pace) throws InterruptedException {
    var load = Load.of(pace, users.all(), ledger);
    load.start(TURN);
    load.awaitEnd(END_LIMIT);
    return load.tally();
  }
}
