package io.dtm.server.store.kit;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;

/**
 * The numbers under which enum constants are stored. They are part of the format: never changed,
 * never used again for something else, and independent of the order of the constants.
 */
public final class Codes {
  private Codes() {}

  public static int of(TransactionStatus status) {
    return switch (status) {
      case PREPARED -> 1;
      case SUBMITTED -> 2;
      case ABORTING -> 3;
      case SUCCEEDED -> 4;
      case FAILED -> 5;
    };
  }

  public static int of(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> 1;
      case TCC -> 2;
      case XA -> 3;
      case MESSAGE -> 4;
      case WORKFLOW -> 5;
    };
  }

  public static int of(BranchProtocol protocol) {
    return switch (protocol) {
      case HTTP -> 1;
      case JSON_RPC -> 2;
      case GRPC -> 3;
    };
  }

  public static int of(BranchStatus status) {
    return switch (status) {
      case PREPARED -> 1;
      case SUCCEEDED -> 2;
      case FAILED -> 3;
    };
  }

  public static TransactionStatus transactionStatus(int code) {
    for (var status : TransactionStatus.values()) {
      if (of(status) == code) {
        return status;
      }
    }
    throw unknown("transaction status", code);
  }

  public static TransactionMode transactionMode(int code) {
    for (var mode : TransactionMode.values()) {
      if (of(mode) == code) {
        return mode;
      }
    }
    throw unknown("transaction mode", code);
  }

  public static BranchProtocol branchProtocol(int code) {
    for (var protocol : BranchProtocol.values()) {
      if (of(protocol) == code) {
        return protocol;
      }
    }
    throw unknown("branch protocol", code);
  }

  public static BranchStatus branchStatus(int code) {
    for (var status : BranchStatus.values()) {
      if (of(status) == code) {
        return status;
      }
    }
    throw unknown("branch status", code);
  }

  public static IllegalArgumentException unknown(String what, int code) {
    return new IllegalArgumentException("%s: code %d is unknown".formatted(what, code));
  }
}
