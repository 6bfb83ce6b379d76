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

  private static final Reply ONGOING =
      Reply.json(
          425,
          "{\"dtm_result\":\"ONGOING\",\"message\":\"ONGOING\"}".getBytes(StandardCharsets.UTF_8));

  private final JsonMapper json;

  Replies() {
    var mapper = JsonMapper.builder().build();
    mapper.getFactory().setCharacterEscapes(new HtmlSafeEscapes());
    this.json = mapper;
  }

  /** An answer as REST gives it. */
  Reply of(Answer answer) {
    return switch (answer) {
      case Answer.Done ignored -> SUCCESS;
      case Answer.Value(var shape) -> value(shape);
      case Answer.Refused(var message) ->
          Reply.json(409, bytes(new ResultJson(Results.FAILURE, message)));
      case Answer.Ongoing ignored -> ONGOING;
      case Answer.Invalid(var message) -> error(400, message);
      case Answer.Failed(int status, var message) -> error(status, message);
      case Answer.TryAgain(var message, var after) -> tryAgain(message, after);
    };
  }

  /** 200 with one of the shapes of {@link io.dtm.protocol}. */
  Reply value(Object shape) {
    return Reply.json(200, bytes(shape));
  }

  /** What is neither success nor one of the words of the protocol. */
  Reply error(int status, String message) {
    return Reply.json(status, bytes(new ResultJson(null, message)));
  }

  /** Not now; the same request may do later. */
  Reply tryAgain(String message, Duration after) {
    long seconds = Math.max(1, after.plusMillis(999).truncatedTo(ChronoUnit.SECONDS).toSeconds());
    return error(503, message).withHeader("Retry-After", Long.toString(seconds));
  }

  /**
   * 400 for what is not even JSON-RPC: the JSON is declared as plain text, as clients know it from
   * the reference.
   */
  Reply unreadable(Object shape) {
    return Reply.jsonAsText(400, bytes(shape));
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
