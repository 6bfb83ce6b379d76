package io.dtm.server.transfer;

/** The reference's store cannot be reached, refuses, or is none. */
public final class ReferenceUnreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ReferenceUnreadable(String message, Throwable cause) {
    super(message, cause);
  }
}
