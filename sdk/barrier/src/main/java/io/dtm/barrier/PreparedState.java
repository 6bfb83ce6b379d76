package io.dtm.barrier;

/** What became of a message's local transaction: the answer to a check-back. */
public enum PreparedState {
  /** It has committed: answer 200, and the message is delivered. */
  COMMITTED,

  /** It has not committed and no longer can: answer 409, and the message is dropped. */
  ROLLED_BACK
}
