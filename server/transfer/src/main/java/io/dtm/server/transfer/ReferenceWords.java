package io.dtm.server.transfer;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The domain's names and the words that the reference has for them. */
public final class ReferenceWords {
  static final String TOPICS = "topics";
  static final String SUCCEED = "succeed";
  static final String FAILED = "failed";

  private ReferenceWords() {}

  public static String of(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> "saga";
      case TCC -> "tcc";
      case XA -> "xa";
      case MESSAGE -> "msg";
      case WORKFLOW -> "workflow";
    };
  }

  public static String of(TransactionStatus status) {
    return switch (status) {
      case PREPARED -> "prepared";
      case SUBMITTED -> "submitted";
      case ABORTING -> "aborting";
      case SUCCEEDED -> SUCCEED;
      case FAILED -> FAILED;
    };
  }

  private static String of(BranchStatus status) {
    return switch (status) {
      case PREPARED -> "prepared";
      case SUCCEEDED -> SUCCEED;
      case FAILED -> FAILED;
    };
  }

  private static String of(BranchProtocol protocol) {
    return switch (protocol) {
      case HTTP -> "http";
      case JSON_RPC -> "json-rpc";
      case GRPC -> "grpc";
    };
  }

  static TransactionMode mode(String word) {
    return named("trans_type", word, TransactionMode.values(), ReferenceWords::of);
  }

  static TransactionStatus status(String word) {
    return named("status", word, TransactionStatus.values(), ReferenceWords::of);
  }

  static BranchStatus branchStatus(String branchId, String word) {
    return named("status of branch " + branchId, word, BranchStatus.values(), ReferenceWords::of);
  }

  /** None stands for HTTP. */
  static BranchProtocol protocol(String word) {
    return word.isEmpty()
        ? BranchProtocol.HTTP
        : named("protocol", word, BranchProtocol.values(), ReferenceWords::of);
  }

  private static <T> T named(String field, String word, T[] values, Function<T, String> words) {
    for (var value : values) {
      if (words.apply(value).equals(word)) {
        return value;
      }
    }
    var expected = Arrays.stream(values).map(words).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "%s: \"%s\" (expected: one of %s)".formatted(field, word, expected));
  }
}
