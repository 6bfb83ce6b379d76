package io.dtm.server.core;

import java.time.Duration;

/** How one call of a branch ended. */
public sealed interface BranchResult {

  /** It took effect. */
  record Succeeded() implements BranchResult {}

  /** The participant refuses, for good. {@code message} is its answer. */
  record Refused(String message) implements BranchResult {}

  /** The participant is still at work and wants to be asked again after the same interval. */
  record Ongoing() implements BranchResult {}

  /**
   * Nobody knows whether it took effect: an error, a time-out, an answer outside the protocol.
   * {@code message} says which.
   *
   * @param availability what it says about the participant as a whole
   */
  record Unclear(String message, Availability availability) implements BranchResult {
    /** An answer that is about this one call. */
    public Unclear(String message) {
      this(message, Availability.ANSWERED);
    }
  }

  /** What an unclear end of a call says about the participant as a whole. */
  enum Availability {
    /** It is there, and answered about this one call; or no call could be made of the URL. */
    ANSWERED,
    /** It cannot be reached, did not answer in time, or a proxy in front of it says so. */
    UNAVAILABLE,
    /**
     * The same, and known before: the call was made to learn whether it is back. That is not the
     * transaction's fault, so it makes no pause longer, but like any call it may have taken effect.
     */
    STILL_UNAVAILABLE
  }

  /**
   * No call was made: the destination has as many calls running as it may have, or it does not
   * answer and is spared, or the transaction is no longer to be worked on.
   *
   * @param pause the call is asked for again after the same interval, but not before this is over;
   *     whoever deferred it has the transaction resumed earlier when there is hope
   */
  record Deferred(String message, Duration pause) implements BranchResult {
    /** Asked again after the same interval. */
    public Deferred(String message) {
      this(message, Duration.ZERO);
    }
  }
}
