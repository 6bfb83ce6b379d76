package io.dtm.server.api;

import io.dtm.protocol.Protocols;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.TransTypes;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

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

  static String of(BranchProtocol protocol) {
    return switch (protocol) {
      case HTTP -> Protocols.HTTP;
      case JSON_RPC -> Protocols.JSON_RPC;
      case GRPC -> Protocols.GRPC;
    };
  }

  /**
   * @throws InvalidRequest when no status is called {@code word}
   */
  static TransactionStatus status(String field, String word) {
    return named(field, word, TransactionStatus.values(), Words::of);
  }

  /**
   * @throws InvalidRequest when no status of a branch is called {@code word}
   */
  static BranchStatus branchStatus(String field, String word) {
    return named(field, word, BranchStatus.values(), Words::of);
  }

  /**
   * @throws InvalidRequest when no mode is called {@code word}
   */
  static TransactionMode mode(String field, String word) {
    return named(field, word, TransactionMode.values(), Words::of);
  }

  /**
   * @throws InvalidRequest when no protocol is called {@code word}
   */
  static BranchProtocol protocol(String field, String word) {
    return named(field, word, BranchProtocol.values(), Words::of);
  }

  private static <T> T named(String field, String word, T[] values, Function<T, String> wordOf) {
    for (var value : values) {
      if (wordOf.apply(value).equals(word)) {
        return value;
      }
    }
    var words = Arrays.stream(values).map(wordOf).collect(Collectors.joining(", "));
    throw InvalidRequest.of(field, word.isEmpty() ? "missing" : word, "one of " + words);
  }
}
