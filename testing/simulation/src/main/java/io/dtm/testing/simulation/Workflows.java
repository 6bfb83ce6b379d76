package io.dtm.testing.simulation;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.Coordinator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The clients of workflows: they carry out the steps themselves, report each, and at last the end.
 * A workflow one of whose steps is refused undoes the ones before it.
 */
final class Workflows {
  private final World world;
  private final List<Node> nodes;
  private final History history;
  private final Effects effects;
  private final Acknowledgements told;
  private final Plan plan;

  Workflows(
      World world,
      List<Node> nodes,
      History history,
      Effects effects,
      Acknowledgements told,
      Plan plan) {
    this.world = world;
    this.nodes = nodes;
    this.history = history;
    this.effects = effects;
    this.told = told;
    this.plan = plan;
  }

  /** The server has asked a client to go on. */
  BranchResult resume(String gid) {
    return run(plan.order(gid), false)
        ? new BranchResult.Succeeded()
        : new BranchResult.Unclear("HTTP 500");
  }

  /**
   * Runs the function of a workflow from its beginning; steps that were reported are left out.
   *
   * @param fallsSilent whether the client stops somewhere on its way
   * @return whether the end was reported
   */
  boolean run(Plan.Order order, boolean fallsSilent) {
    var gid = order.gid();
    var start = ask(order, c -> c.prepareWorkflow(Requests.of(order)), o -> told.prepared(gid, o));
    if (start.isEmpty() || !(start.get() instanceof CommandOutcome.Found(var found))) {
      return false;
    }
    if (found.status().isFinal()) {
      return true;
    }
    int silentAt = fallsSilent ? world.random.nextInt(order.steps().size() + 1) : Integer.MAX_VALUE;
    for (int step = 0; step < order.steps().size(); step++) {
      if (step == silentAt) {
        return false;
      }
      if (order.steps().get(step).refuses()) {
        undo(order, step);
        return end(order, TransactionStatus.FAILED);
      }
      int number = step;
      var id = Requests.branchId(step);
      boolean isReported = found.branches().stream().anyMatch(b -> b.branchId().equals(id));
      if (!isReported) {
        effects.apply(gid, id, Operation.ACTION);
        var reported =
            ask(
                order,
                c ->
                    c.register(
                        new Gid(gid), TransactionMode.WORKFLOW, Requests.branches(order, number)),
                o -> told.registered(gid, id, o));
        if (reported.filter(CommandOutcome.Accepted.class::isInstance).isEmpty()) {
          return false;
        }
      }
    }
    return silentAt > order.steps().size() && end(order, TransactionStatus.SUCCEEDED);
  }

  private void undo(Plan.Order order, int end) {
    for (int step = end - 1; step >= 0; step--) {
      effects.apply(order.gid(), Requests.branchId(step), Operation.COMPENSATE);
    }
  }

  private boolean end(Plan.Order order, TransactionStatus end) {
    history.of(order.gid()).endedFromOutside = true;
    return ask(
            order,
            c -> c.endWorkflow(new Gid(order.gid()), end, "", "result"),
            o -> told.ended(order.gid(), end, o))
        .filter(CommandOutcome.Accepted.class::isInstance)
        .isPresent();
  }

  private Optional<CommandOutcome> ask(
      Plan.Order order,
      Function<Coordinator, CommandOutcome> command,
      Consumer<CommandOutcome> answered) {
    return nodes.get(world.random.nextInt(nodes.size())).ask(order.gid(), command, answered);
  }
}
