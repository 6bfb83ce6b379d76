package io.dtm.client;

import org.jspecify.annotations.Nullable;

/**
 * The participant has not finished and wants to be asked again: for an answer of its bank, say. The
 * manager repeats the call at even intervals, as often as it takes. Over HTTP the answer 425, over
 * gRPC the status {@code FAILED_PRECONDITION}.
 */
public final class BranchOngoing extends BranchException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is being waited for, for people
   */
  public BranchOngoing(String message) {
    this(message, null);
  }

  public BranchOngoing(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
