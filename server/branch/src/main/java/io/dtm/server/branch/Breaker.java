package io.dtm.server.branch;

import java.time.Instant;

/**
 * Decides how many calls one destination may have at once, by how its last calls ended. Closed: as
 * many as the limits say. Open, after so many calls in a row without an answer: none but a probe
 * now and then. Ramping, once any call was answered: few at first, twice as many after each step,
 * until it is closed; silence then opens it sooner than before.
 *
 * <p>Only silence counts. A participant that answers "500" is there, and may be wrong about one
 * transaction only. Not thread-safe; time is handed in.
 */
final class Breaker {
  private final DestinationLimits limits;
  private State state = State.CLOSED;
  private int failuresInRow;
  private int probesRunning;
  private int era;
  private Instant openSince = Instant.MIN;
  private Instant nextProbeAt = Instant.MIN;
  private Instant rampSince = Instant.MIN;
  private String lastFailure = "";

  private enum State {
    CLOSED,
    OPEN,
    RAMPING
  }

  Breaker(DestinationLimits limits) {
    this.limits = limits;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isRamping() {
    return state == State.RAMPING;
  }

  /** Calls that may run at once, probes aside. */
  int callsMax(Instant now) {
    return switch (state) {
      case CLOSED -> limits.callsMax();
      case OPEN -> 0;
      case RAMPING -> rampedCallsMax(now);
    };
  }

  private int rampedCallsMax(Instant now) {
    int allowed = Math.min(DestinationLimits.RAMP_START, limits.callsMax());
    for (var step = rampSince.plus(DestinationLimits.RAMP_STEP);
        !step.isAfter(now) && allowed < limits.callsMax();
        step = step.plus(DestinationLimits.RAMP_STEP)) {
      allowed = (int) Math.min(2L * allowed, limits.callsMax());
    }
    if (allowed == limits.callsMax()) {
      state = State.CLOSED;
    }
    return allowed;
  }

  /**
   * Calls of an earlier era say nothing of how the destination is now, unless they are answered.
   */
  int era() {
    return era;
  }

  boolean isProbeDue(Instant now) {
    return isOpen() && probesRunning < DestinationLimits.PROBES_MAX && !now.isBefore(nextProbeAt);
  }

  void probeBegins(Instant now) {
    probesRunning++;
    nextProbeAt = now.plus(limits.probeInterval());
  }

  void probeEnds() {
    probesRunning--;
  }

  /** The probe was not made after all: another one may be. */
  void probeIsWithdrawn(Instant now) {
    nextProbeAt = now;
  }

  /**
   * A call was answered, whatever the answer.
   *
   * @return whether the destination has come back with that
   */
  boolean answered(Instant now) {
    failuresInRow = 0;
    if (state != State.OPEN) {
      return false;
    }
    state = State.RAMPING;
    rampSince = now;
    era++;
    return true;
  }

  /**
   * A call was not answered.
   *
   * @param eraOfCall when it began
   * @return whether it was one too many
   */
  boolean unanswered(int eraOfCall, String why, Instant now) {
    if (state == State.OPEN) {
      lastFailure = why;
      return false;
    }
    if (eraOfCall != era) {
      return false;
    }
    failuresInRow++;
    if (limits.failuresMax() == 0 || failuresInRow < failuresAllowed()) {
      return false;
    }
    openSince = state == State.CLOSED ? now : openSince;
    nextProbeAt = now.plus(limits.probeInterval());
    lastFailure = why;
    state = State.OPEN;
    era++;
    return true;
  }

  private int failuresAllowed() {
    return state == State.RAMPING
        ? Math.min(DestinationLimits.RAMP_START, limits.failuresMax())
        : limits.failuresMax();
  }

  int failuresInRow() {
    return failuresInRow;
  }

  Instant openSince() {
    return openSince;
  }

  String lastFailure() {
    return lastFailure;
  }
}
