package io.dtm.workflow;

/**
 * A workflow's function, or a step, threw what is neither a refusal nor about a branch; the cause
 * is what it threw. The workflow has not ended: the manager has it run again, and what was recorded
 * is not repeated.
 */
public final class WorkflowStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkflowStopped(String gid, String name, Throwable cause) {
    super("workflow '%s' %s stopped: %s".formatted(name, gid, cause), cause);
  }
}
