package io.dtm.spring;

import org.jspecify.annotations.Nullable;

/**
 * What only a transaction manager may ask for was asked for by somebody else: the current request,
 * if there is one, lacks {@code gid}, {@code trans_type}, {@code branch_id} or {@code op} in its
 * query, or one of them does not fit. Answered with 400.
 */
public final class NotABranchCall extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotABranchCall(String message) {
    this(message, null);
  }

  NotABranchCall(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
