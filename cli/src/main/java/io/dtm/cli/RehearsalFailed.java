package io.dtm.cli;

/** There is no cache; the message says why, for whoever wanted one. */
final class RehearsalFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RehearsalFailed(String message) {
    super(message);
  }

  RehearsalFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
