package io.dtm.server.api;

import io.dtm.server.core.ByteBudget;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** What a route gets to see of a request. */
final class EdgeRequest {
  private final String rawPath;
  private final QueryParameters query;
  private final TraceContext trace;
  private final byte[] body;
  private final ByteBudget.Share room;

  /**
   * @param room holds the body, and is given back when the request has been answered
   */
  EdgeRequest(
      String rawPath,
      QueryParameters query,
      TraceContext trace,
      byte[] body,
      ByteBudget.Share room) {
    this.rawPath = rawPath;
    this.query = query;
    this.trace = trace;
    this.body = body;
    this.room = room;
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

  /** Where room for what is loaded is to be taken from. */
  ByteBudget.Share room() {
    return room;
  }
}
