package io.dtm.client;

/** The kinds of global transaction. */
public enum TransactionMode {
  SAGA,
  TCC,
  XA,
  MESSAGE,
  WORKFLOW
}
