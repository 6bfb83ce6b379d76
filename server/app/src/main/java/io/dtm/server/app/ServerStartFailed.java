package io.dtm.server.app;

/**
 * The server could not start, for a reason that its operator can remove. The message says which, in
 * one line.
 */
public final class ServerStartFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerStartFailed(String message) {
    super(message);
  }

  ServerStartFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
