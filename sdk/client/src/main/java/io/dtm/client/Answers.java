package io.dtm.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for what futures bring. */
final class Answers {
  private Answers() {}

  /**
   * The result, or the exception with this thread's stack, for that of the thread that found out
   * helps nobody.
   *
   * @throws TransactionManagerUnavailable also when the thread is interrupted meanwhile, which it
   *     then still is
   */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      // What is on its way goes on, such as the word that turns a transaction back; to cancel with
      // true would take it back from the HTTP client, which passes that on along its futures.
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw new TransactionManagerUnavailable("interrupted while waiting for the answer", e);
    } catch (ExecutionException e) {
      throw here(e.getCause());
    }
  }

  private static RuntimeException here(@Nullable Throwable failure) {
    if (failure instanceof TransactionException || failure instanceof BranchException) {
      failure.fillInStackTrace();
      return (RuntimeException) failure;
    }
    if (failure instanceof IllegalArgumentException wrong) {
      return wrong;
    }
    return new IllegalStateException("not an answer and not a known trouble", failure);
  }
}
