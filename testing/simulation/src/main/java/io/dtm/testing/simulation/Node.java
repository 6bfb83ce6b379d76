package io.dtm.testing.simulation;

import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.LimitedBranchCaller;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.Coordinator;
import io.dtm.server.engine.Engine;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.EngineThreads;
import io.dtm.server.engine.RetentionPeriods;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** A place where one process after the other runs the real engine. */
final class Node {
  static final Duration LEASE = Duration.ofSeconds(10);
  static final String TOPIC = "orders";
  private static final int DESTINATIONS = 10;
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

  private final Parts parts;
  private final int number;
  private int starts;
  private NodeProcess process;
  private Engine engine;

  /** What all nodes share. */
  record Parts(
      World world,
      History history,
      Plan plan,
      StoreServer store,
      Participants participants,
      Coverage coverage,
      Defect defect) {}

  Node(Parts parts, int number) {
    this.parts = parts;
    this.number = number;
    this.process = newProcess();
    this.engine = newEngine();
  }

  private NodeProcess newProcess() {
    starts++;
    var name = "n%d.%d".formatted(number + 1, starts);
    return new NodeProcess(
        parts.world(),
        parts.history(),
        name,
        parts.plan().skews().get(number),
        parts.defect() != Defect.UNNOTICED_PAUSE);
  }

  private Engine newEngine() {
    var itself = process;
    Executor tasks = task -> itself.threads().newThread(task).start();
    var caller =
        new LimitedBranchCaller(
            call -> parts.participants().call(itself, call),
            destinationLimits(parts.plan().limits()),
            itself,
            itself,
            tasks,
            this::hear);
    var made =
        new Engine(
            config(parts.plan()),
            itself.name(),
            new SimulatedStore(parts.store(), parts.world(), itself),
            caller,
            topic ->
                topic.equals(TOPIC)
                    ? List.of("http://subscriber/1", "http://subscriber/2")
                    : List.of(),
            itself,
            itself,
            new EngineThreads(tasks, itself.threads()),
            this::hear);
    caller.start(made);
    return made;
  }

  /** Nobody waits at a gate: that wait ends by real time. */
  private static DestinationLimits destinationLimits(Plan.Limits limits) {
    return new DestinationLimits(
        limits.calls(), 0, DESTINATIONS, limits.silences(), PROBE_INTERVAL, limits.waiting());
  }

  private static EngineConfig config(Plan plan) {
    var limits = plan.limits();
    return new EngineConfig(
        Duration.ofSeconds(2),
        Duration.ofSeconds(20),
        Duration.ofSeconds(15),
        Duration.ofSeconds(3),
        LEASE,
        Duration.ofSeconds(5),
        Duration.ofMillis(200),
        limits.submissions(),
        limits.retries(),
        limits.pendingWrites(),
        limits.batch(),
        limits.writers(),
        RetentionPeriods.same(plan.retention()),
        EngineConfig.defaults().retryPolicies());
  }

  private void hear(EngineEvent event) {
    switch (event) {
      case EngineEvent.Disturbed(var what, var cause) -> {
        parts.world().tell("", what + ": " + cause);
        if (!(cause instanceof StoreUnavailable)) {
          parts.history().violated("defect", "", what + ": " + cause);
        }
      }
      case EngineEvent.Moved(var transaction, var from) ->
          parts
              .coverage()
              .count("move %s %s to %s".formatted(transaction.mode(), from, transaction.status()));
      case EngineEvent.PassLost lost ->
          parts.world().tell(lost.transaction().gid().value(), "pass lost: " + lost.why());
      case EngineEvent.Created ignored -> {}
      case EngineEvent.Parked parked -> {
        parts.world().tell(parked.transaction().gid().value(), "parked: " + parked.parking());
        parts.coverage().count("parked %s".formatted(parked.transaction().mode()));
      }
      case EngineEvent.BranchCalled ignored -> {}
      case EngineEvent.RetryScheduled ignored -> {}
      case EngineEvent.DestinationSilent ignored -> parts.coverage().count("gate closed");
      case EngineEvent.DestinationBack ignored -> parts.coverage().count("gate opened again");
    }
  }

  void start() {
    var starting = engine;
    // On a thread of its own: a beginning may have to wait for the store.
    process.threads().newThread(starting::start).start();
  }

  void crash(Duration downFor) {
    if (process.isDead()) {
      return;
    }
    parts.world().tell("", process.name() + " dies");
    process.die();
    parts.coverage().count("fault crash");
    parts.world().after(downFor, this::restart);
  }

  private void restart() {
    process = newProcess();
    engine = newEngine();
    parts.world().tell("", process.name() + " starts");
    start();
  }

  void pause(Duration lasts) {
    if (process.isDead()) {
      return;
    }
    var paused = process;
    parts.world().tell("", paused.name() + " stands still");
    paused.pause();
    parts.coverage().count("fault pause");
    parts
        .world()
        .after(
            lasts,
            () -> {
              parts.world().tell("", paused.name() + " goes on");
              paused.goOn();
            });
  }

  /** Something happens to the process that runs then. */
  void strike(int steps, Runnable what) {
    process.strike(steps, what);
  }

  /** See {@link NodeProcess#ask}. */
  Optional<CommandOutcome> ask(
      String gid,
      Function<Coordinator, CommandOutcome> command,
      Consumer<CommandOutcome> answered) {
    return process.ask(engine.coordinator(), gid, command, answered);
  }
}
