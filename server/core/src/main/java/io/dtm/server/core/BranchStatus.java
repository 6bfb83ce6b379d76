package io.dtm.server.core;

/** What is known of one operation of one branch. */
public enum BranchStatus {
  /** Not known to have taken effect: never called, or called without a clear answer. */
  PREPARED,
  /** The participant said that it took effect. */
  SUCCEEDED,
  /** The participant refused, for good. */
  FAILED
}
