package io.dtm.sdk.grpc;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.dtm.client.BranchRequest;
import io.dtm.protocol.Keys;
import io.dtm.protocol.grpc.MetadataKeys;
import io.grpc.Metadata;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A branch's request in the metadata of a call. */
final class BranchMetadata {
  /** Names of headers that belong to gRPC itself. */
  private static final String RESERVED_PREFIX = "grpc-";

  private static final Map<String, Metadata.Key<String>> KEYS =
      Map.of(
          Keys.GID, MetadataKeys.GID,
          Keys.TRANS_TYPE, MetadataKeys.TRANS_TYPE,
          Keys.BRANCH_ID, MetadataKeys.BRANCH_ID,
          Keys.OP, MetadataKeys.OP,
          Keys.DTM, MetadataKeys.DTM,
          Keys.PHASE2_URL, MetadataKeys.PHASE2_URL);

  private BranchMetadata() {}

  /**
   * The request of a call; empty when it comes from no manager.
   *
   * @throws IllegalArgumentException when it is incomplete or wrong
   */
  static Optional<BranchRequest> read(Metadata metadata) {
    return metadata.containsKey(MetadataKeys.GID)
        ? Optional.of(BranchRequest.from(name -> value(metadata, name)))
        : Optional.empty();
  }

  private static @Nullable String value(Metadata metadata, String name) {
    var key = KEYS.get(name);
    return key == null ? null : metadata.get(key);
  }

  /**
   * As others call it: gRPC would change what it cannot send in silence, and a changed gid is that
   * of another transaction.
   *
   * @throws IllegalArgumentException when gRPC cannot send it
   */
  static void add(BranchRequest request, Metadata metadata) {
    requireSendable(request);
    request
        .parameters()
        .forEach((name, value) -> {
          var key = KEYS.get(name);
          if (key != null) {
            metadata.put(key, value);
          }
        });
  }

  /**
   * @throws IllegalArgumentException when gRPC cannot send it
   */
  static void requireSendable(BranchRequest request) {
    request
        .parameters()
        .forEach((name, value) -> {
          if (!isPrintableAscii(value)) {
            throw new IllegalArgumentException(
                "%s: '%s' (expected: printable ASCII, to be sent as gRPC metadata)"
                    .formatted(name, value));
          }
        });
  }

  private static boolean isPrintableAscii(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  /** Those that gRPC can send: printable ASCII, under names that it does not use itself. */
  static void add(Map<String, String> headers, Metadata metadata) {
    headers.forEach((header, value) -> {
      var name = header.toLowerCase(Locale.ROOT);
      if (isName(name) && isPrintableAscii(value)) {
        metadata.put(Metadata.Key.of(name, ASCII_STRING_MARSHALLER), value);
      }
    });
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.startsWith(RESERVED_PREFIX)
        && !name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
        && name.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.".indexOf(c) >= 0);
  }
}
