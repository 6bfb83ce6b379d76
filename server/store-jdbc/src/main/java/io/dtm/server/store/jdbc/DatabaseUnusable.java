package io.dtm.server.store.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * This server cannot work with the database as it is, and trying again does not help: it lets us
 * not in, is of another kind, or its schema is not one that we know.
 */
public final class DatabaseUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnusable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
