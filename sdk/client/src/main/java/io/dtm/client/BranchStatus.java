package io.dtm.client;

/** What the manager knows of one operation of one branch. */
public enum BranchStatus {
  /** Not called yet, or called without a clear answer. */
  PREPARED,
  /** The participant said that it took effect. */
  SUCCEEDED,
  /** The participant refused, for good. */
  FAILED
}
