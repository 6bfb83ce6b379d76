package io.dtm.workflow;

import io.dtm.client.BranchException;
import io.dtm.client.BranchRequest;

/**
 * What a step does. It may happen more than once, should the process die between the work and its
 * record; a barrier takes care of that where the work is in a database.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface StepWork<T> {
  /**
   * Does it.
   *
   * @param branch the same each time this step is done; its {@linkplain BranchRequest#parameters()
   *     parameters} are what a barrier is made from
   * @throws BranchException a refusal is recorded as the step's end; any other exception is not,
   *     and has the step done again when the workflow is resumed
   */
  T run(BranchRequest branch) throws Exception;
}
