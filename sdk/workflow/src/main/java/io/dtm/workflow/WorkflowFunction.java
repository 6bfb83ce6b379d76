package io.dtm.workflow;

import io.dtm.client.BranchRefused;

/**
 * What a workflow does. It is run from its beginning each time it is taken up, and must then ask
 * for the same steps in the same order: let it depend on nothing but its input and the results of
 * its steps. Time, randomness and whatever others may change belong into steps.
 *
 * @param <I> what it is started with
 * @param <R> what it returns
 */
@FunctionalInterface
public interface WorkflowFunction<I, R> {
  /**
   * Does it.
   *
   * @throws BranchRefused has the workflow turned back, for that reason; that of a step may be let
   *     out. Any other exception leaves it where it is, and the manager has it run again later
   */
  R run(WorkflowContext workflow, I input) throws Exception;
}
