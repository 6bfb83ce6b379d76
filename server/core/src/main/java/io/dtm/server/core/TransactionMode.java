package io.dtm.server.core;

/** The kinds of global transaction. */
public enum TransactionMode {
  /** Actions, each with a compensation that undoes it when a later one is refused. */
  SAGA,
  /** Try, then confirm or cancel. */
  TCC,
  /** Database branches prepared by the participant, then committed or rolled back. */
  XA,
  /**
   * Actions that are carried out once the sender's local transaction is known to have committed.
   */
  MESSAGE,
  /** A function of the client that is resumed until it reports its end. */
  WORKFLOW
}
