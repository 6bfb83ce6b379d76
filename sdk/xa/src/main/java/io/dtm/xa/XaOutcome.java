package io.dtm.xa;

/** What came of a call. All but {@link #TOO_LATE} are answered with 200. */
public enum XaOutcome {
  /** The work is done, and waits durably for commit or rollback. */
  PREPARED,

  /** It took effect. */
  COMMITTED,

  /** It was undone. */
  ROLLED_BACK,

  /** The same call was carried out before; this one did nothing. */
  DUPLICATE,

  /** An action whose branch was rolled back before it came; it did nothing. Answer 409. */
  TOO_LATE
}
