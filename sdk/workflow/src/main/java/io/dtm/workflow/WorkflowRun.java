package io.dtm.workflow;

import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchTransport;
import io.dtm.client.BranchUnclear;
import io.dtm.client.Payload;
import io.dtm.protocol.Operations;
import io.dtm.workflow.WorkflowResult.Pending;
import io.dtm.workflow.WorkflowResult.RolledBack;
import io.dtm.workflow.WorkflowResult.Succeeded;
import java.util.Optional;

/** Runs a workflow from its beginning, over what was recorded of it. */
final class WorkflowRun {
  private final WorkflowCommands commands;
  private final BranchTransport participants;
  private final Values values;

  WorkflowRun(WorkflowCommands commands, BranchTransport participants, Values values) {
    this.commands = commands;
    this.participants = participants;
    this.values = values;
  }

  WorkflowResult<Payload> carryOut(Workflow<?, ?> workflow, WorkflowRequest request) {
    var found = commands.prepare(request);
    if (found.end().isPresent()) {
      return found.end().get();
    }
    try {
      return carryOut(workflow, request, new Journal(request, found.history(), commands));
    } catch (NotRecorded e) {
      return commands
          .prepare(request)
          .end()
          .orElseGet(() -> new Pending<>(request.gid(), runElsewhere(e)));
    } catch (BranchOngoing | BranchUnclear e) {
      return new Pending<>(request.gid(), e);
    } catch (HistoryChanged e) {
      commands.park(request, e);
      throw e;
    }
  }

  private WorkflowResult<Payload> carryOut(
      Workflow<?, ?> workflow, WorkflowRequest request, Journal journal) {
    var result = Payload.empty();
    var refused = Optional.<BranchRefused>empty();
    try {
      var context = new WorkflowContext(journal, participants, values);
      result = workflow.run(context, request.input(), values);
    } catch (Exception e) {
      journal.requireGoing();
      refused = Answers.refusal(e);
      if (refused.isEmpty()) {
        throw Answers.stop(request, e);
      }
    }
    journal.requireGoing();
    if (refused.isPresent()) {
      var reason = Journal.reason(refused.get());
      journal.conclude(Operations.ROLLBACK);
      commands.fail(request, reason);
      return new RolledBack<>(request.gid(), reason);
    }
    return succeeded(request, journal, result);
  }

  private WorkflowResult<Payload> succeeded(
      WorkflowRequest request, Journal journal, Payload result) {
    try {
      Journal.requireSmall("workflow '%s'".formatted(request.name()), result);
    } catch (IllegalStateException e) {
      throw Answers.stop(request, e);
    }
    journal.conclude(Operations.COMMIT);
    commands.succeed(request, result);
    return new Succeeded<>(request.gid(), result);
  }

  private static BranchOngoing runElsewhere(NotRecorded why) {
    return new BranchOngoing("another run of the workflow is ahead: " + why.getMessage(), why);
  }
}
