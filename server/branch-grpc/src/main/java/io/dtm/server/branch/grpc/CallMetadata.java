package io.dtm.server.branch.grpc;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;
import static io.grpc.Metadata.BINARY_BYTE_MARSHALLER;
import static io.grpc.Metadata.BINARY_HEADER_SUFFIX;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.protocol.TransTypes;
import io.dtm.protocol.grpc.MetadataKeys;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.TransactionMode;
import io.grpc.Metadata;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a call's metadata say: who calls and why, and the headers that its transaction adds. */
final class CallMetadata {
  /**
   * Names that belong to HTTP/2 and gRPC themselves: a header must not change how a call is made.
   */
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          MetadataKeys.GID.name(),
          MetadataKeys.TRANS_TYPE.name(),
          MetadataKeys.BRANCH_ID.name(),
          MetadataKeys.OP.name(),
          MetadataKeys.DTM.name());

  private static final String RESERVED_PREFIX = "grpc-";

  private CallMetadata() {}

  /**
   * Why the call cannot be described: metadata are ASCII, and a changed gid would be another one.
   */
  static Optional<String> obstacle(BranchCall call) {
    return obstacle("gid", call.gid().value())
        .or(() -> obstacle("branch_id", call.branchId()))
        .or(() -> obstacle("op", call.operation().name()));
  }

  private static Optional<String> obstacle(String name, String value) {
    return isPrintableAscii(value)
        ? Optional.empty()
        : Optional.of(
            "%s: %s (expected: printable ASCII, to be sent as gRPC metadata)"
                .formatted(name, value));
  }

  /** Headers that gRPC cannot send are left out. */
  static Metadata of(BranchCall call) {
    var metadata = new Metadata();
    metadata.put(MetadataKeys.GID, call.gid().value());
    metadata.put(MetadataKeys.TRANS_TYPE, wordFor(call.mode()));
    metadata.put(MetadataKeys.BRANCH_ID, call.branchId());
    metadata.put(MetadataKeys.OP, call.operation().name());
    metadata.put(MetadataKeys.DTM, "");
    for (Map.Entry<String, String> header : call.headers().entrySet()) {
      put(metadata, header.getKey().toLowerCase(Locale.ROOT), header.getValue());
    }
    return metadata;
  }

  private static void put(Metadata metadata, String name, String value) {
    if (!isName(name) || RESERVED.contains(name) || name.startsWith(RESERVED_PREFIX)) {
      return;
    }
    if (name.endsWith(BINARY_HEADER_SUFFIX)) {
      metadata.put(Metadata.Key.of(name, BINARY_BYTE_MARSHALLER), value.getBytes(UTF_8));
    } else if (isPrintableAscii(value)) {
      metadata.put(Metadata.Key.of(name, ASCII_STRING_MARSHALLER), value);
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.equals(BINARY_HEADER_SUFFIX)
        && name.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.".indexOf(c) >= 0);
  }

  private static boolean isPrintableAscii(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  private static String wordFor(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> TransTypes.SAGA;
      case TCC -> TransTypes.TCC;
      case XA -> TransTypes.XA;
      case MESSAGE -> TransTypes.MSG;
      case WORKFLOW -> TransTypes.WORKFLOW;
    };
  }
}
