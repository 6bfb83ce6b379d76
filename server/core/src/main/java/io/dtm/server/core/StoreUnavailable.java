package io.dtm.server.core;

/**
 * The store cannot be reached, refuses, or cannot tell what became of a request. The caller may try
 * again later.
 */
public sealed class StoreUnavailable extends RuntimeException permits StoredRecordUnreadable {
  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public StoreUnavailable(String message) {
    super(message);
  }
}
