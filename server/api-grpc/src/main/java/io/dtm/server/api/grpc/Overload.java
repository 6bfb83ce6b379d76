package io.dtm.server.api.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;

/** What is said to a client that may come back later. */
final class Overload {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** gRPC clients that repeat calls by themselves wait for so many milliseconds before. */
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** For the others: seconds, as in HTTP. */
  private static final Metadata.Key<String> RETRY_AFTER_SECONDS =
      Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

  private Overload() {}

  static Status noRoom() {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "overloaded: too much in memory, nothing was stored (see MaxBytesInWork)");
  }

  /** What goes with a status. */
  static Metadata trailers(Status status) {
    var trailers = new Metadata();
    switch (status.getCode()) {
      case RESOURCE_EXHAUSTED, UNAVAILABLE -> {
        trailers.put(PUSHBACK, Long.toString(RETRY_AFTER.toMillis()));
        trailers.put(RETRY_AFTER_SECONDS, Long.toString(RETRY_AFTER.toSeconds()));
      }
      default -> {}
    }
    return trailers;
  }
}
