package io.dtm.server.api;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An HTTP answer. Immutable as long as nobody writes to its body. */
final class Reply {
  private static final String JSON = "application/json; charset=utf-8";

  private final int status;
  private final String contentType;
  private final byte[] body;
  private final Map<String, String> headers;

  private Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.headers = Map.copyOf(headers);
  }

  static Reply json(int status, byte[] body) {
    return new Reply(status, JSON, body, Map.of());
  }

  static Reply jsonAsText(int status, byte[] body) {
    return new Reply(status, "text/plain; charset=utf-8", body, Map.of());
  }

  static Reply text(int status, String body) {
    return new Reply(status, "text/plain", body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  Reply withHeader(String name, String value) {
    var more = new HashMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, body, more);
  }

  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  byte[] body() {
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }
}
