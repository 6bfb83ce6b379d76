package io.dtm.client;

import java.util.function.Function;

/**
 * What came of submitting a transaction. Being rolled back is an outcome, not an error: the manager
 * did what it promised.
 *
 * <pre>{@code
 * String answer =
 *     result.fold(
 *         accepted -> "on its way",
 *         succeeded -> "transferred",
 *         rolledBack -> "undone, because " + rolledBack.reason(),
 *         pending -> "not decided yet, ask again for " + pending.gid());
 * }</pre>
 */
public sealed interface TransactionResult {

  String gid();

  /**
   * The value of the one function that fits; a case that is added later breaks the build of whoever
   * has not thought of it.
   */
  <T> T fold(
      Function<? super Accepted, ? extends T> accepted,
      Function<? super Succeeded, ? extends T> succeeded,
      Function<? super RolledBack, ? extends T> rolledBack,
      Function<? super Pending, ? extends T> pending);

  /**
   * The manager has it, durably, and carries it out in the background. The answer to a submit that
   * does not wait.
   */
  record Accepted(String gid) implements TransactionResult {
    @Override
    public <T> T fold(
        Function<? super Accepted, ? extends T> accepted,
        Function<? super Succeeded, ? extends T> succeeded,
        Function<? super RolledBack, ? extends T> rolledBack,
        Function<? super Pending, ? extends T> pending) {
      return accepted.apply(this);
    }
  }

  /** It has ended, and every branch took effect. */
  record Succeeded(String gid) implements TransactionResult {
    @Override
    public <T> T fold(
        Function<? super Accepted, ? extends T> accepted,
        Function<? super Succeeded, ? extends T> succeeded,
        Function<? super RolledBack, ? extends T> rolledBack,
        Function<? super Pending, ? extends T> pending) {
      return succeeded.apply(this);
    }
  }

  /**
   * It has ended as failed: what was done has been undone.
   *
   * @param reason why, in the words of the manager; it says so when an operator stopped the
   *     transaction where it stood, in which case nothing was undone
   */
  record RolledBack(String gid, String reason) implements TransactionResult {
    @Override
    public <T> T fold(
        Function<? super Accepted, ? extends T> accepted,
        Function<? super Succeeded, ? extends T> succeeded,
        Function<? super RolledBack, ? extends T> rolledBack,
        Function<? super Pending, ? extends T> pending) {
      return rolledBack.apply(this);
    }
  }

  /**
   * It is still under way, forward or back, and the manager goes on with it: a participant did not
   * answer in time, say. {@link TransactionClient#waitFor} tells how it ends.
   *
   * @param state how it stood when the manager was asked
   */
  record Pending(String gid, TransactionState state) implements TransactionResult {
    @Override
    public <T> T fold(
        Function<? super Accepted, ? extends T> accepted,
        Function<? super Succeeded, ? extends T> succeeded,
        Function<? super RolledBack, ? extends T> rolledBack,
        Function<? super Pending, ? extends T> pending) {
      return pending.apply(this);
    }
  }
}
