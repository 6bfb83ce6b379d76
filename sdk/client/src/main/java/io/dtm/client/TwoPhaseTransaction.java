package io.dtm.client;

import static io.dtm.client.Answers.await;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A transaction whose branches its caller calls one by one: each prepares, and once the caller's
 * work is over the manager has all of them take effect, or all be undone. When the caller dies on
 * the way, the manager turns the transaction back after a while.
 *
 * <p>Not thread-safe. Every setter changes this object and returns it.
 *
 * @param <S> the mode's own type
 * @param <B> what calls its branches
 */
public abstract sealed class TwoPhaseTransaction<S extends TwoPhaseTransaction<S, B>, B>
    extends GlobalTransaction<S> permits Tcc, Xa {
  private long timeoutToFailSeconds;

  TwoPhaseTransaction(Commands commands, TransactionMode mode, String gid) {
    super(commands, mode, gid);
  }

  abstract B branches();

  /**
   * How long the caller has until it must have submitted; then the manager turns the transaction
   * back.
   *
   * @param timeout whole seconds, 1 at least. Default: the manager's, 35 seconds unless configured
   */
  public final S timeoutToFail(Duration timeout) {
    timeoutToFailSeconds = Arguments.wholeSeconds("timeout", timeout);
    return self();
  }

  /**
   * Runs the work and submits the transaction; turns it back when the work throws.
   *
   * @return after the work's return {@code Accepted}, or with {@link #waitForResult()} {@code
   *     Succeeded}, {@code RolledBack} or {@code Pending}; after a {@link BranchException}, {@code
   *     RolledBack}, or {@code Pending} while it is being undone. A transaction that has been
   *     decided before is not run again: then this tells what came of it
   * @throws E what the work threw; the transaction is turned back
   * @throws TransactionManagerUnavailable when no manager answered. Unless the work has run, run it
   *     again with the same gid; otherwise {@linkplain TransactionClient#waitFor wait} for the
   *     outcome: a transaction that has not been submitted is turned back when its time is up
   * @throws TransactionRefused when the manager does not take it, for instance because the gid
   *     belongs to a transaction of another mode
   */
  public final <E extends Exception> TransactionResult run(TransactionWork<? super B, E> work)
      throws E {
    requireNonNull(work, "work");
    var request = request();
    var decided = await(commands().prepare(request));
    if (decided.isPresent()) {
      return decided.get();
    }
    try {
      work.run(branches());
    } catch (Throwable e) {
      var said = Failures.branchException(e);
      if (said.isPresent()) {
        return await(commands().abort(request, Failures.reason(said.get())));
      }
      abortBecauseOf(e, request);
      throw e;
    }
    return await(commands().submit(request));
  }

  /**
   * As {@link #run} without blocking.
   *
   * @param work completes when the transaction is to take effect, fails when it is not
   * @return fails with what {@link #run} would throw
   */
  public final CompletableFuture<TransactionResult> runAsync(
      Function<? super B, ? extends CompletionStage<?>> work) {
    requireNonNull(work, "work");
    var request = request();
    return commands()
        .prepare(request)
        .thenCompose(decided ->
            decided
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> runPrepared(request, work)));
  }

  private CompletableFuture<TransactionResult> runPrepared(
      TransactionRequest request, Function<? super B, ? extends CompletionStage<?>> work) {
    return CompletableFuture.completedFuture(work)
        .thenCompose(run -> run.apply(branches()).thenApply(done -> run))
        .handle((done, failure) -> Optional.ofNullable(failure).map(Failures::cause))
        .thenCompose(failure ->
            failure
                .map(cause -> abortAsync(request, cause))
                .orElseGet(() -> commands().submit(request)));
  }

  private CompletableFuture<TransactionResult> abortAsync(
      TransactionRequest request, Throwable failure) {
    var said = Failures.branchException(failure);
    var aborted =
        commands().abort(request, Failures.reason(said.isPresent() ? said.get() : failure));
    if (said.isPresent()) {
      return aborted;
    }
    return aborted.handle((result, trouble) -> {
      if (trouble != null) {
        failure.addSuppressed(Failures.cause(trouble));
      }
      throw Failures.wrapped(failure);
    });
  }

  private void abortBecauseOf(Throwable failure, TransactionRequest request) {
    try {
      await(commands().abort(request, Failures.reason(failure)));
    } catch (TransactionException e) {
      failure.addSuppressed(e);
    }
  }

  private TransactionRequest request() {
    return TransactionRequest.of(gid(), mode(), options(timeoutToFailSeconds, 0, false));
  }
}
