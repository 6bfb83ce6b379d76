package io.dtm.server.store.jdbc;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.store.kit.Micros;
import java.util.Locale;

/** What stands in the columns that the database searches by. */
final class Words {
  /** The phase of transactions that are not finished. */
  static final int OPEN = 0;

  private Words() {}

  static String of(TransactionStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  static String of(TransactionMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

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
