package io.dtm.workflow;

import io.dtm.client.BranchException;
import io.dtm.client.BranchRefused;
import io.dtm.client.TransactionException;
import io.dtm.client.TransactionManagerUnavailable;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits for answers, and tells what exceptions mean for a workflow. */
final class Answers {
  private Answers() {}

  /**
   * The result, or the exception with this thread's stack.
   *
   * @throws TransactionManagerUnavailable also when the thread is interrupted meanwhile, which it
   *     then still is
   */
  static <T> T await(CompletionStage<T> stage) {
    var future = stage.toCompletableFuture();
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new TransactionManagerUnavailable("interrupted while waiting for the answer", e);
    } catch (ExecutionException e) {
      var cause = e.getCause();
      if (cause instanceof TransactionException || cause instanceof BranchException) {
        cause.fillInStackTrace();
        throw (RuntimeException) cause;
      }
      if (cause instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      throw new IllegalStateException("not an answer and not a known trouble", cause);
    }
  }

  /** What a branch said, also where a library has wrapped it in an exception of its own. */
  static Optional<BranchException> branchException(Throwable failure) {
    if (failure instanceof BranchException said) {
      return Optional.of(said);
    }
    return failure instanceof RuntimeException && failure.getCause() instanceof BranchException said
        ? Optional.of(said)
        : Optional.empty();
  }

  /** The refusal that the failure tells of, if it does. */
  static Optional<BranchRefused> refusal(Throwable failure) {
    return branchException(failure)
        .filter(BranchRefused.class::isInstance)
        .map(BranchRefused.class::cast);
  }

  /** What a failure that is no refusal comes out as. */
  static RuntimeException stop(WorkflowRequest request, Exception failure) {
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    var said = branchException(failure);
    if (said.isPresent()) {
      return said.get();
    }
    if (failure instanceof TransactionException
        || failure instanceof HistoryChanged
        || failure instanceof NotRecorded
        || failure instanceof WorkflowStopped) {
      return (RuntimeException) failure;
    }
    return new WorkflowStopped(request.gid(), request.name(), failure);
  }
}
