package io.dtm.benchmarks.load;

/**
 * What one turn has shown. What cannot be known is not a number.
 *
 * @param perSecond flows that ended well within the turn
 * @param cost from the first flow to the end of the last call, for all flows of the turn that ended
 *     well
 * @param drainSeconds from the end of the turn to the last call that it caused
 * @param flows that ended well, be it after the turn
 * @param rateKept whether this was an open loop, and the server kept up with it
 */
record TurnFigures(
    double perSecond,
    Tally tally,
    Cost cost,
    Shares shares,
    double drainSeconds,
    double flows,
    CallLedger.Verdict calls,
    boolean rateKept) {
  private static final double MILLIS = 1_000;
  private static final double KIB = 1_024;

  double serverCpuMillis() {
    return MILLIS * cost.serverCpuSeconds() / flows;
  }

  double databaseCpuMillis() {
    return MILLIS * cost.databaseCpuSeconds() / flows;
  }

  double allocatedKib() {
    return cost.allocatedBytes() / KIB / flows;
  }

  double durableCommits() {
    return cost.durableCommits() / flows;
  }

  double diskFlushes() {
    return cost.diskFlushes() / flows;
  }
}
