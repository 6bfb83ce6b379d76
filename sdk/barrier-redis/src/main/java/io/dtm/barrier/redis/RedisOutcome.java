package io.dtm.barrier.redis;

/** What a barrier in Redis made of a call. All but {@link #REFUSED} are answered with 200. */
public enum RedisOutcome {
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
   * The call has been undone before it came; or, of a message's local work: a check-back came
   * before it.
   */
  TOO_LATE,

  /**
   * The work cannot be done: the amount does not suffice, say. Nothing was changed or marked, so
   * the same call may succeed later. Answer 409.
   */
  REFUSED;

  public boolean hasRun() {
    return this == RAN;
  }
}
