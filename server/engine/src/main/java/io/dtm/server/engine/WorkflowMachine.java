package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionSpec;
import java.time.Instant;

/**
 * Decides for workflows: the client runs them and reports their end; the server asks it to go on
 * when it has not been heard of for a while, less and less often.
 */
final class WorkflowMachine implements Machine {
  private final RetryRule retryRule;

  WorkflowMachine(RetryRule retryRule) {
    this.retryRule = retryRule;
  }

  @Override
  public Verdict next(GlobalTransaction workflow, PassState pass, Instant now) {
    return switch (workflow.status()) {
      case PREPARED -> prepared(workflow, pass, now);
      case SUCCEEDED, FAILED -> new Verdict(WorkflowRule.ENDED, new Decision.Done());
      case SUBMITTED, ABORTING ->
          throw new IllegalStateException(
              "workflow %s: %s (expected: prepared or final)"
                  .formatted(workflow.gid(), workflow.status()));
    };
  }

  @Override
  public boolean mayBeRefused(Branch branch) {
    return false;
  }

  private Verdict prepared(GlobalTransaction workflow, PassState pass, Instant now) {
    if (workflow.definition().checkBackUrl().isEmpty()) {
      return new Verdict(
          WorkflowRule.NOBODY_TO_ASK, new Decision.Pause(retryRule.idle(workflow, now)));
    }
    if (pass.isCheckBackInFlight()) {
      return new Verdict(WorkflowRule.AWAIT_RESUME, new Decision.Await());
    }
    if (pass.checkBack().isPresent()) {
      var pause = retryRule.after(workflow, pass, now);
      return new Verdict(
          pause.isParked() ? WorkflowRule.PARK : WorkflowRule.PAUSE, new Decision.Pause(pause));
    }
    var spec = (TransactionSpec.Workflow) workflow.definition().spec();
    return new Verdict(WorkflowRule.RESUME, new Decision.CheckBack(new Operation(spec.name())));
  }
}
