package io.dtm.testing.simulation;

import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.Timer;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.Coordinator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One process of a node, from its start to its death: its threads, its clock, its timer. Dead, none
 * of its threads ever goes on; paused, they wait while time does not.
 */
final class NodeProcess implements World.Owner, InstantSource, Timer {
  private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(10);

  private final World world;
  private final History history;
  private final String name;
  private final Duration skew;
  private final boolean noticesPauses;
  private final ThreadFactory threads;
  private final List<Runnable> held = new ArrayList<>();
  private boolean dead;
  private boolean paused;
  private Instant pausedAt = World.START;
  private Duration stoodStill = Duration.ZERO;
  private int stepsToFault;
  private Runnable fault = () -> {};

  /**
   * @param noticesPauses whether its clock goes on while it stands still, as it should
   */
  NodeProcess(World world, History history, String name, Duration skew, boolean noticesPauses) {
    this.world = world;
    this.history = history;
    this.name = name;
    this.skew = skew;
    this.noticesPauses = noticesPauses;
    this.threads = CooperativeThreads.over(work -> world.ready(this, work));
  }

  String name() {
    return name;
  }

  boolean isDead() {
    return dead;
  }

  ThreadFactory threads() {
    return threads;
  }

  @Override
  public boolean goesOn(Runnable work) {
    if (stepsToFault > 0 && !dead) {
      stepsToFault--;
      if (stepsToFault == 0) {
        fault.run();
      }
    }
    if (paused && !dead) {
      held.add(work);
    }
    return !dead && !paused;
  }

  /** Something happens to the process at that stretch of its threads from now on. */
  void strike(int steps, Runnable what) {
    stepsToFault = steps;
    fault = what;
  }

  void die() {
    dead = true;
    held.clear();
  }

  void pause() {
    if (!paused) {
      pausedAt = world.instant();
    }
    paused = true;
  }

  void goOn() {
    if (paused) {
      stoodStill = stoodStill.plus(Duration.between(pausedAt, world.instant()));
    }
    paused = false;
    held.forEach(work -> world.ready(this, work));
    held.clear();
  }

  @Override
  public Instant instant() {
    var now = world.instant().plus(skew);
    return noticesPauses ? now : now.minus(stoodStill);
  }

  @Override
  public Scheduled at(Instant when, Runnable action) {
    var delay = Duration.between(instant(), when);
    Runnable takeBack = world.after(delay, () -> threads.newThread(action).start());
    return takeBack::run;
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @param answered called the moment the server answers, before the answer travels
   * @return empty when there was none in time, or one that says nothing
   */
  Optional<CommandOutcome> ask(
      Coordinator coordinator,
      String gid,
      Function<Coordinator, CommandOutcome> command,
      Consumer<CommandOutcome> answered) {
    var answer = new CompletableFuture<Optional<CommandOutcome>>();
    world.after(
        world.millis(0, 5),
        () ->
            threads
                .newThread(() -> {
                  var outcome = carryOut(coordinator, gid, command);
                  outcome.ifPresent(answered);
                  world.after(world.millis(0, 5), () -> answer.complete(outcome));
                })
                .start());
    world.after(CLIENT_PATIENCE, () -> answer.complete(Optional.empty()));
    return answer.join();
  }

  private Optional<CommandOutcome> carryOut(
      Coordinator coordinator, String gid, Function<Coordinator, CommandOutcome> command) {
    try {
      return Optional.of(command.apply(coordinator));
    } catch (StoreUnavailable e) {
      world.tell(gid, "answer of " + name + ": " + e.getMessage());
      return Optional.empty();
    } catch (RuntimeException e) {
      history.violated("defect", gid, "a command failed: " + e);
      return Optional.empty();
    }
  }
}
