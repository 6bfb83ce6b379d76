package io.dtm.client;

import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What futures make of exceptions, and why a transaction is turned back for one. */
final class Failures {
  private Failures() {}

  /** The exception itself, for futures wrap those of the stages before them. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** As a stage of a future may throw it. */
  static CompletionException wrapped(Throwable failure) {
    return failure instanceof CompletionException wrapped
        ? wrapped
        : new CompletionException(failure);
  }

  /**
   * What a branch said, if that is what the failure tells: libraries that call participants wrap it
   * in an exception of their own.
   */
  static Optional<BranchException> branchException(Throwable failure) {
    if (failure instanceof BranchException said) {
      return Optional.of(said);
    }
    return failure instanceof RuntimeException && failure.getCause() instanceof BranchException said
        ? Optional.of(said)
        : Optional.empty();
  }

  /** In words for whoever asks later why the transaction turned back. */
  static String reason(Throwable failure) {
    var message = failure.getMessage();
    return failure instanceof BranchException && message != null ? message : failure.toString();
  }
}
