package io.dtm.server.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** What a route gets to see of a request. */
final class EdgeRequest {
  private final String rawPath;
  private final QueryParameters query;
  private final TraceContext trace;
  private final byte[] body;

  EdgeRequest(String rawPath, QueryParameters query, TraceContext trace, byte[] body) {
    this.rawPath = rawPath;
    this.query = query;
    this.trace = trace;
    this.body = body;
  }

  /** What stands behind the last slash of the path. */
  String lastOfPath() {
    var raw = rawPath.substring(rawPath.lastIndexOf('/') + 1);
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("path", raw, "percent-encoded UTF-8");
    }
  }

  QueryParameters query() {
    return query;
  }

  TraceContext trace() {
    return trace;
  }

  /** The whole body, not to be written to. */
  byte[] body() {
    return body;
  }
}
