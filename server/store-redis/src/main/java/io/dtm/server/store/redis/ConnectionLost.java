package io.dtm.server.store.redis;

/** The connection broke after the request was sent and before the answer came. */
final class ConnectionLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConnectionLost() {
    super("connection lost");
  }
}
