package io.dtm.barrier;

/**
 * What a barrier made of a call. All of them are to be committed, and to the manager all of them
 * are success: the participant answers 200.
 */
public enum BarrierOutcome {
  /** The work was done. */
  RAN,

  /** The same call was carried out before; this one did nothing. */
  DUPLICATE,

  /**
   * A call that undoes came before what it undoes, or instead of it: there was nothing to undo.
   * From now on the call that it undoes is {@link #TOO_LATE}.
   */
  NULL_COMPENSATION,

  /**
   * The call has been undone before it came; doing its work now would leave it done for ever. In
   * the local transaction of a message: a check-back came before it.
   */
  TOO_LATE;

  public boolean hasRun() {
    return this == RAN;
  }
}
