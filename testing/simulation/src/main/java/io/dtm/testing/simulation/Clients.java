package io.dtm.testing.simulation;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.engine.CommandOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Everybody who gives commands. Clients never die, but may fall silent in the middle. */
final class Clients {
  private static final int TRIES_MAX = 4;

  private final World world;
  private final List<Node> nodes;
  private final Participants participants;
  private final History history;
  private final Effects effects;
  private final Acknowledgements told;
  private final Workflows workflows;
  private int running;

  Clients(
      World world,
      List<Node> nodes,
      Participants participants,
      History history,
      Effects effects,
      Plan plan) {
    this.world = world;
    this.nodes = nodes;
    this.participants = participants;
    this.history = history;
    this.effects = effects;
    this.told = new Acknowledgements(history, world);
    this.workflows = new Workflows(world, nodes, history, effects, told, plan);
    participants.resumeBy(workflows::resume);
    history.tellOfParked(new Operator(world, nodes, history, this)::resume);
    plan.orders().forEach(this::send);
  }

  /** A thread that goes on whatever happens to nodes. */
  static Thread thread(World world, Runnable work) {
    World.Owner nobody = stretch -> true;
    return CooperativeThreads.over(stretch -> world.ready(nobody, stretch)).newThread(work);
  }

  boolean areDone() {
    return running == 0;
  }

  private void send(Plan.Order order) {
    begin(order.at(), () -> carryOut(order));
    order
        .visits()
        .forEach(visit -> begin(order.at().plus(visit.after()), () -> visit(order, visit)));
  }

  /** Has somebody do something after a while, on a thread of its own. */
  void begin(Duration after, Runnable script) {
    running++;
    world.after(
        after,
        () ->
            thread(
                    world,
                    () -> {
                      try {
                        script.run();
                      } catch (RuntimeException e) {
                        history.violated("defect", "", "a client failed: " + e);
                      } finally {
                        running--;
                      }
                    })
                .start());
  }

  private void carryOut(Plan.Order order) {
    switch (order.mode()) {
      case SAGA -> submit(order);
      case MESSAGE -> message(order);
      case TCC, XA -> twoPhase(order);
      case WORKFLOW -> workflows.run(order, order.ending() != Plan.Ending.SUBMIT);
    }
  }

  private void message(Plan.Order order) {
    if (!order.prepared()) {
      // Without a prepare nobody is asked; the message is what counts.
      participants.commitLocally(order.gid());
      submit(order);
      return;
    }
    if (!prepare(order)) {
      return;
    }
    if (order.ending() == Plan.Ending.ABORT) {
      abort(order);
      return;
    }
    world.sleep(world.millis(0, world.chance(20) ? 25_000 : 200));
    boolean committed = participants.commitLocally(order.gid());
    if (committed && order.ending() == Plan.Ending.SUBMIT) {
      submit(order);
    }
  }

  private void twoPhase(Plan.Order order) {
    if (!prepare(order)) {
      return;
    }
    int silentAfter =
        order.ending() == Plan.Ending.VANISH
            ? world.random.nextInt(order.steps().size() + 1)
            : Integer.MAX_VALUE;
    for (int step = 0; step < order.steps().size(); step++) {
      if (step >= silentAfter) {
        return;
      }
      if (!register(order, step) || order.steps().get(step).refuses()) {
        abort(order);
        return;
      }
      effects.apply(order.gid(), Requests.branchId(step), Effects.TRY);
    }
    if (order.ending() == Plan.Ending.ABORT) {
      abort(order);
    } else if (order.ending() == Plan.Ending.SUBMIT) {
      submit(order);
    }
  }

  private boolean prepare(Plan.Order order) {
    return insist(order, outcome -> told.prepared(order.gid(), outcome), Command.PREPARE)
        .filter(CommandOutcome.Accepted.class::isInstance)
        .isPresent();
  }

  private void submit(Plan.Order order) {
    insist(order, outcome -> told.submitted(order.gid(), outcome), Command.SUBMIT);
  }

  private void abort(Plan.Order order) {
    if (order.mode() == TransactionMode.MESSAGE) {
      history.of(order.gid()).endedFromOutside = true;
    }
    insist(order, outcome -> told.aborted(order.gid(), outcome), Command.ABORT);
  }

  private enum Command {
    PREPARE,
    SUBMIT,
    ABORT
  }

  /** Gives a command until it is answered, at another node each time. */
  private Optional<CommandOutcome> insist(
      Plan.Order order, Consumer<CommandOutcome> answered, Command command) {
    for (int i = 0; i < TRIES_MAX; i++) {
      var node = nodes.get((order.node() + i) % nodes.size());
      var outcome =
          node.ask(
              order.gid(),
              coordinator ->
                  switch (command) {
                    case PREPARE -> coordinator.prepare(Requests.of(order));
                    case SUBMIT -> coordinator.submit(Requests.of(order));
                    case ABORT ->
                        coordinator.abort(
                            new Gid(order.gid()), order.mode(), "the client wants it");
                  },
              answered);
      if (outcome.isPresent() && !(outcome.get() instanceof CommandOutcome.Overloaded)) {
        return outcome;
      }
      world.sleep(world.millis(10, 2_000));
    }
    return Optional.empty();
  }

  private boolean register(Plan.Order order, int step) {
    return nodes
        .get((order.node() + step) % nodes.size())
        .ask(
            order.gid(),
            coordinator ->
                coordinator.register(
                    new Gid(order.gid()), order.mode(), Requests.branches(order, step)),
            outcome -> told.registered(order.gid(), Requests.branchId(step), outcome))
        .filter(CommandOutcome.Accepted.class::isInstance)
        .isPresent();
  }

  private void visit(Plan.Order order, Plan.Visit visit) {
    var gid = new Gid(order.gid());
    var node = nodes.get(visit.node());
    switch (visit.intrusion()) {
      case SUBMIT_AGAIN -> submitAgain(order, node);
      case FORCE_STOP -> {
        var record = history.of(order.gid());
        if (record.last != null) {
          record.endedFromOutside = true;
          record.forceStopped = true;
          node.ask(
              order.gid(),
              coordinator -> coordinator.forceStop(gid),
              outcome -> told.stopped(order.gid(), outcome));
        }
      }
      case RETRY_NOW ->
          node.ask(order.gid(), coordinator -> coordinator.retryNow(gid), outcome -> {});
      case RETRY_ALL_NOW ->
          node.ask(
              order.gid(),
              coordinator -> {
                coordinator.retryAllNow(Duration.ofMillis(500), 3);
                return new CommandOutcome.Accepted();
              },
              outcome -> {});
      case REGISTER_LATE -> {
        if (order.mode() == TransactionMode.TCC || order.mode() == TransactionMode.XA) {
          register(order, order.steps().size());
        }
      }
    }
  }

  /** Only where a client that repeats itself, and not a second client, would do so. */
  private void submitAgain(Plan.Order order, Node node) {
    if (order.mode() == TransactionMode.SAGA || !order.prepared()) {
      node.ask(
          order.gid(),
          coordinator -> coordinator.submit(Requests.of(order)),
          outcome -> told.submitted(order.gid(), outcome));
    } else if (history.of(order.gid()).submitAcknowledged) {
      node.ask(order.gid(), coordinator -> coordinator.submit(Requests.of(order)), outcome -> {});
    }
  }
}
