package io.dtm.client;

import org.jspecify.annotations.Nullable;

/**
 * A branch did not take effect, or not that anybody knows. A participant throws {@link
 * BranchRefused} or {@link BranchOngoing} to say so, and whoever calls a participant gets the same,
 * or {@link BranchUnclear}.
 */
public abstract sealed class BranchException extends RuntimeException
    permits BranchRefused, BranchOngoing, BranchUnclear {
  private static final long serialVersionUID = 1L;

  BranchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
