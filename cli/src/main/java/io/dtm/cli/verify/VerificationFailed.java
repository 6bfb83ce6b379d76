package io.dtm.cli.verify;

/** It cannot be told whether the rules hold; the message says why, for whoever typed it. */
public final class VerificationFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VerificationFailed(String message) {
    super(message);
  }

  VerificationFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
