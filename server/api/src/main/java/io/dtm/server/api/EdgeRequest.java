package io.dtm.server.api;

/** What a route gets to see of a request. */
final class EdgeRequest {
  private final QueryParameters query;
  private final byte[] body;

  EdgeRequest(QueryParameters query, byte[] body) {
    this.query = query;
    this.body = body;
  }

  QueryParameters query() {
    return query;
  }

  /** The whole body, not to be written to. */
  byte[] body() {
    return body;
  }
}
