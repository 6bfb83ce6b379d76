package io.dtm.client;

import org.jspecify.annotations.Nullable;

/**
 * The participant gave no answer, or one that says nothing: whether the branch took effect is not
 * known. A transaction that is turned back now is undone at that participant as well, whether its
 * branch took effect or not.
 */
public final class BranchUnclear extends BranchException {
  private static final long serialVersionUID = 1L;

  public BranchUnclear(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
