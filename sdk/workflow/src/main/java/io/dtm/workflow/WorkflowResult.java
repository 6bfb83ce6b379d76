package io.dtm.workflow;

import io.dtm.client.BranchException;
import java.util.function.Function;

/**
 * What came of running a workflow. Being rolled back is an outcome, not an error.
 *
 * @param <R> what the workflow returns
 */
public sealed interface WorkflowResult<R> {

  String gid();

  /** The value of the one function that fits. */
  <T> T fold(
      Function<? super Succeeded<R>, ? extends T> succeeded,
      Function<? super RolledBack<R>, ? extends T> rolledBack,
      Function<? super Pending<R>, ? extends T> pending);

  /** It has ended, now or before, and every branch took effect. */
  record Succeeded<R>(String gid, R value) implements WorkflowResult<R> {
    @Override
    public <T> T fold(
        Function<? super Succeeded<R>, ? extends T> succeeded,
        Function<? super RolledBack<R>, ? extends T> rolledBack,
        Function<? super Pending<R>, ? extends T> pending) {
      return succeeded.apply(this);
    }
  }

  /**
   * It has ended, now or before, as failed: what was done has been undone.
   *
   * @param reason why, in the words of whoever refused; it says so when an operator stopped the
   *     workflow where it stood, in which case nothing was undone
   */
  record RolledBack<R>(String gid, String reason) implements WorkflowResult<R> {
    @Override
    public <T> T fold(
        Function<? super Succeeded<R>, ? extends T> succeeded,
        Function<? super RolledBack<R>, ? extends T> rolledBack,
        Function<? super Pending<R>, ? extends T> pending) {
      return rolledBack.apply(this);
    }
  }

  /**
   * It has not ended: a branch is still at work or gave no clear answer, or the workflow is being
   * run elsewhere at the same time. The manager has it resumed.
   *
   * @param cause what it was, a {@link io.dtm.client.BranchOngoing} or a {@link
   *     io.dtm.client.BranchUnclear}
   */
  record Pending<R>(String gid, BranchException cause) implements WorkflowResult<R> {
    @Override
    public <T> T fold(
        Function<? super Succeeded<R>, ? extends T> succeeded,
        Function<? super RolledBack<R>, ? extends T> rolledBack,
        Function<? super Pending<R>, ? extends T> pending) {
      return pending.apply(this);
    }
  }
}
