package io.dtm.server.core;

/**
 * Where a global transaction stands. {@link #canMoveTo} lists every move there is; whatever it does
 * not list never happens.
 */
public enum TransactionStatus {
  /** Known, and waiting for the client to submit or abort. */
  PREPARED,
  /** On its way forward. */
  SUBMITTED,
  /** On its way back. */
  ABORTING,
  /** Ended: every branch took effect. */
  SUCCEEDED,
  /** Ended: nothing took effect, or an operator stopped it. */
  FAILED;

  public boolean canMoveTo(TransactionStatus next) {
    return switch (this) {
      case PREPARED -> next != PREPARED;
      case SUBMITTED -> next == SUCCEEDED || next == ABORTING || next == FAILED;
      case ABORTING -> next == FAILED;
      case SUCCEEDED, FAILED -> false;
    };
  }

  /** A final status never changes (I1), and no branch is called any more (I2). */
  public boolean isFinal() {
    return this == SUCCEEDED || this == FAILED;
  }
}
