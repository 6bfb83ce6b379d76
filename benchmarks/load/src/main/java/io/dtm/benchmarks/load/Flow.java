package io.dtm.benchmarks.load;

/**
 * What every client of a run does again and again.
 *
 * @param waits whether the client is answered only when the transaction has ended
 */
record Flow(Mode mode, Wire wire, boolean waits) {
  /** A workflow's client has done everything itself by the time it submits. */
  boolean isWaitedFor() {
    return waits || mode == Mode.WORKFLOW;
  }

  @Override
  public String toString() {
    return "%s over %s, %s".formatted(mode, wire, isWaitedFor() ? "waited" : "not waited");
  }
}
