package io.dtm.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dtm.protocol.ResultJson;
import io.dtm.protocol.Results;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Makes answers in the shapes that clients know. Thread-safe. */
final class Replies {
  private static final Reply SUCCESS =
      Reply.json(200, "{\"dtm_result\":\"SUCCESS\"}".getBytes(StandardCharsets.UTF_8));

  private final JsonMapper json;

  Replies() {
    var mapper = JsonMapper.builder().build();
    mapper.getFactory().setCharacterEscapes(new HtmlSafeEscapes());
    this.json = mapper;
  }

  Reply success() {
    return SUCCESS;
  }

  /** 200 with one of the shapes of {@link io.dtm.protocol}. */
  Reply value(Object shape) {
    return Reply.json(200, bytes(shape));
  }

  /** The transaction does not allow it, and repeating the request will not help. */
  Reply failure(String message) {
    return Reply.json(409, bytes(new ResultJson(Results.FAILURE, message)));
  }

  /** Any other error. */
  Reply error(int status, String message) {
    return Reply.json(status, bytes(new ResultJson(null, message)));
  }

  /** Not now; the same request may do later. */
  Reply tryAgain(String message, Duration after) {
    long seconds = Math.max(1, after.plusMillis(999).truncatedTo(ChronoUnit.SECONDS).toSeconds());
    return error(503, message).withHeader("Retry-After", Long.toString(seconds));
  }

  /** A value as a JSON text, to stand inside another JSON. */
  String text(Object shape) {
    return new String(bytes(shape), StandardCharsets.UTF_8);
  }

  private byte[] bytes(Object shape) {
    try {
      return json.writeValueAsBytes(shape);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(shape.getClass() + " cannot be written as JSON", e);
    }
  }
}
