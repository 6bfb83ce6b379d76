package io.dtm.server.store.jdbc;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.store.kit.Micros;

/** The numbers that stand in columns. They are part of the layout. */
final class Columns {
  /** The phase of transactions that are not finished. */
  static final int OPEN = 0;

  private Columns() {}

  static int phase(TransactionStatus status) {
    return switch (status) {
      case PREPARED, SUBMITTED, ABORTING -> OPEN;
      case SUCCEEDED -> 1;
      case FAILED -> 2;
    };
  }

  /** 1 while a node is at work, else 0. */
  static int claimed(GlobalTransaction transaction) {
    return transaction.schedule().isClaimed() ? 1 : 0;
  }

  /** When it falls due; once finished, when that was. */
  static long nextAt(GlobalTransaction transaction) {
    var finishedAt = transaction.progress().finishedAt();
    return finishedAt == null
        ? Micros.ceiling(transaction.schedule().dueAt())
        : Micros.floor(finishedAt);
  }
}
