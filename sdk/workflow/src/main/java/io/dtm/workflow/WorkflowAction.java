package io.dtm.workflow;

/**
 * As {@link WorkflowFunction}, for workflows that return nothing.
 *
 * @param <I> what it is started with
 */
@FunctionalInterface
public interface WorkflowAction<I> {
  /** Does it; exceptions mean what they mean there. */
  void run(WorkflowContext workflow, I input) throws Exception;
}
