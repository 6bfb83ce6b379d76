package io.dtm.sdk.testing;

/** What may befall one call of a branch on its way to the participant, or back. */
public enum Fault {
  /** Nothing: it arrives once, and is answered. */
  NONE,

  /** It does not arrive; whoever calls is told that the participant refuses (409). */
  REFUSE,

  /**
   * It does not arrive in time: whoever calls sees a time-out, and it arrives only when everything
   * is over ({@link TransactionServer#deliverLate}). A call that is overtaken by its own undoing,
   * such as a late try, comes of this.
   */
  LATE,

  /** It arrives and is carried out, and the answer gets lost: whoever calls has to call again. */
  REPLY_LOST,

  /** It arrives twice, one after the other; the second answer counts. */
  DUPLICATE,

  /** It does not arrive; whoever calls sees an error (500). */
  ERROR,

  /**
   * It never arrives; whoever calls sees a time-out. An undoing with nothing to undo, such as a
   * cancel before its try, comes of this, and of {@link #REFUSE}.
   */
  TIME_OUT,

  /** It does not arrive; whoever calls is told that the participant is still at work (425). */
  ONGOING,

  /**
   * The server crashes before it makes the call; {@link TransactionServer#restart} starts it again.
   * A call that the application makes arrives all the same.
   */
  CRASH_BEFORE,

  /** It arrives and is carried out, and the server crashes before it hears of that. */
  CRASH_AFTER
}
