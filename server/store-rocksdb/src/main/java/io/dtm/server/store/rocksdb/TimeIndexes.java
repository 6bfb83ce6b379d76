package io.dtm.server.store.rocksdb;

import io.dtm.server.core.TransactionStatus;

/** The time indexes. Each transaction is in one of them, chosen by its status. */
record TimeIndexes(TimeIndex due, TimeIndex succeeded, TimeIndex failed) {

  static TimeIndexes create() {
    return new TimeIndexes(
        new TimeIndex(Table.DUE), new TimeIndex(Table.SUCCEEDED), new TimeIndex(Table.FAILED));
  }

  TimeIndex of(TransactionStatus status) {
    return switch (status) {
      case PREPARED, SUBMITTED, ABORTING -> due;
      case SUCCEEDED -> succeeded;
      case FAILED -> failed;
    };
  }
}
