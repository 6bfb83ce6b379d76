package io.dtm.server.stores;

/** A store cannot be opened. The message says which, why, and names no secret. */
public final class StoreUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreUnusable(String message, Throwable cause) {
    super(message, cause);
  }
}
