package io.dtm.server.branch;

import io.dtm.protocol.Statuses;
import io.dtm.protocol.TransTypes;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;

/** What participants and alert receivers call our modes and statuses. */
final class WireWords {
  private WireWords() {}

  static String of(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> TransTypes.SAGA;
      case TCC -> TransTypes.TCC;
      case XA -> TransTypes.XA;
      case MESSAGE -> TransTypes.MSG;
      case WORKFLOW -> TransTypes.WORKFLOW;
    };
  }

  static String of(TransactionStatus status) {
    return switch (status) {
      case PREPARED -> Statuses.PREPARED;
      case SUBMITTED -> Statuses.SUBMITTED;
      case ABORTING -> Statuses.ABORTING;
      case SUCCEEDED -> Statuses.SUCCEED;
      case FAILED -> Statuses.FAILED;
    };
  }
}
