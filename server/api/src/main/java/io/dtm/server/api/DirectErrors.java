package io.dtm.server.api;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is not even HTTP, or so large that it never gets to {@link EdgeHandler}, in the same
 * shape as every other error.
 */
final class DirectErrors implements DirectHandler {
  private final Replies replies;
  private final Reply tooLong;

  DirectErrors(Replies replies, int bodyBytesMax) {
    this.replies = replies;
    this.tooLong =
        replies.error(
            413,
            "body: too long (expected: at most %d bytes, see MaxBodyBytes / MAX_BODY_BYTES)"
                .formatted(bodyBytesMax));
  }

  Reply tooLong() {
    return tooLong;
  }

  DirectHandlers forEveryEvent() {
    var handlers = DirectHandlers.builder();
    for (var type : EventType.values()) {
      handlers.addHandler(type, this);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    var reply = reply(status, message);
    return TransportResponse.builder()
        .status(status)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, reply.contentType())
        .entity(reply.body())
        .keepAlive(false)
        .build();
  }

  /** What to say about a request that broke the rules of HTTP. */
  Reply reply(Status status, @Nullable String message) {
    if (status.code() == tooLong.status()) {
      return tooLong;
    }
    var text = message == null || status.code() >= 500 ? status.reasonPhrase() : message;
    return replies.error(status.code(), text);
  }
}
