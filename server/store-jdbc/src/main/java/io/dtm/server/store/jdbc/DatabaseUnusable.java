package io.dtm.server.store.jdbc;

import org.jspecify.annotations.Nullable;

/** The database is there, but its schema is not one that this server can work with. */
public final class DatabaseUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnusable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
