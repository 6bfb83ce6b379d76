package io.dtm.workflow;

import io.dtm.client.BranchRequest;

/** A step without a result, or what is done when the workflow has succeeded or turned back. */
@FunctionalInterface
public interface BranchWork {
  /**
   * Does it; as often as it takes to hear that it succeeded.
   *
   * @param branch as that of {@link StepWork}; its operation is {@code action}, {@code commit} or
   *     {@code rollback}
   */
  void run(BranchRequest branch) throws Exception;
}
