package io.dtm.benchmarks.load;

import java.time.Duration;
import java.util.List;

/** The flows of one turn against one server. Used once. */
abstract sealed class Load permits ClosedLoop, OpenLoop {
  private final CallLedger ledger;
  private final Tally tally = new Tally();
  private volatile long deadline;

  Load(CallLedger ledger) {
    this.ledger = ledger;
  }

  static Load of(Pace pace, List<User> users, CallLedger ledger) {
    return switch (pace) {
      case Pace.Closed() -> new ClosedLoop(users, ledger);
      case Pace.Open(double rate) -> new OpenLoop(rate, users, ledger);
    };
  }

  final Tally tally() {
    return tally;
  }

  /** Begins, and returns at once. No flow is meant to begin after that time. */
  final void start(Duration length) {
    var begun = System.nanoTime();
    deadline = begun + length.toNanos();
    start(begun, length);
  }

  abstract void start(long begun, Duration length);

  /**
   * Waits until every flow has ended. Those that have not after the limit count as failed.
   *
   * @throws InterruptedException when the wait is broken off
   */
  abstract void awaitEnd(Duration limit) throws InterruptedException;

  final boolean isOver() {
    return System.nanoTime() - deadline >= 0;
  }

  /**
   * Lets a user carry out one flow.
   *
   * @param intended when it was meant to begin; its latency counts from there
   * @param then what follows; told whether it went well
   */
  final void carryOut(User user, long intended, Ended then) {
    long flow = ledger.begin();
    user.begin(
        ledger.gid(flow),
        new User.FlowEnd() {
          @Override
          public void succeeded() {
            ledger.acknowledge(flow);
            tally.succeeded(System.nanoTime() - intended, !isOver());
            then.ended(true);
          }

          @Override
          public void failed(String why) {
            tally.failed(why);
            then.ended(false);
          }
        });
  }

  /** What follows a flow. */
  interface Ended {
    void ended(boolean well);
  }
}
