package io.dtm.server.api.grpc;

import io.dtm.protocol.Statuses;
import io.dtm.protocol.TransTypes;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;

/** The domain's names and the words that the wire has for them. */
final class Words {
  private Words() {}

  static String of(TransactionStatus status) {
    return switch (status) {
      case PREPARED -> Statuses.PREPARED;
      case SUBMITTED -> Statuses.SUBMITTED;
      case ABORTING -> Statuses.ABORTING;
      case SUCCEEDED -> Statuses.SUCCEED;
      case FAILED -> Statuses.FAILED;
    };
  }

  static String of(BranchStatus status) {
    return switch (status) {
      case PREPARED -> Statuses.PREPARED;
      case SUCCEEDED -> Statuses.SUCCEED;
      case FAILED -> Statuses.FAILED;
    };
  }

  static String of(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> TransTypes.SAGA;
      case TCC -> TransTypes.TCC;
      case XA -> TransTypes.XA;
      case MESSAGE -> TransTypes.MSG;
      case WORKFLOW -> TransTypes.WORKFLOW;
    };
  }

  /**
   * @throws InvalidRequest when no mode is called {@code word}
   */
  static TransactionMode mode(String word) {
    return switch (word) {
      case TransTypes.SAGA -> TransactionMode.SAGA;
      case TransTypes.TCC -> TransactionMode.TCC;
      case TransTypes.XA -> TransactionMode.XA;
      case TransTypes.MSG -> TransactionMode.MESSAGE;
      case TransTypes.WORKFLOW -> TransactionMode.WORKFLOW;
      default ->
          throw InvalidRequest.of(Fields.TRANS_TYPE, word, "one of saga, tcc, xa, msg, workflow");
    };
  }
}
