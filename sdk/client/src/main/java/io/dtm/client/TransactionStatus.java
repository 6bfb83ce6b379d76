package io.dtm.client;

/** Where a global transaction stands. */
public enum TransactionStatus {
  /** Known to the manager, and waiting to be submitted or aborted. */
  PREPARED,
  /** On its way forward. */
  SUBMITTED,
  /** On its way back: what was done is being undone. */
  ABORTING,
  /** Ended: every branch took effect. */
  SUCCEEDED,
  /** Ended: what was done has been undone, unless an operator stopped it where it stood. */
  FAILED;

  /** A final status never changes, and no branch is called any more. */
  public boolean isFinal() {
    return this == SUCCEEDED || this == FAILED;
  }
}
