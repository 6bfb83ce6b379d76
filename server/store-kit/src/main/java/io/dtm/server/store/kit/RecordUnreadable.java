package io.dtm.server.store.kit;

import org.jspecify.annotations.Nullable;

/** A stored record is damaged, or was written by a newer version of the server. */
public final class RecordUnreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RecordUnreadable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
