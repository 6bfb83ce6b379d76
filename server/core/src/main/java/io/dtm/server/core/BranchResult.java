package io.dtm.server.core;

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
   */
  record Unclear(String message) implements BranchResult {}

  /**
   * No call was made, because the destination has as many calls running as it may have. Asked again
   * after the same interval.
   */
  record Deferred(String message) implements BranchResult {}
}
