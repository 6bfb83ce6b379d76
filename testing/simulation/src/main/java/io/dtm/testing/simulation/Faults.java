package io.dtm.testing.simulation;

import java.time.Duration;
import java.util.List;

/** Has the planned faults happen. */
final class Faults {
  private final World world;
  private final StoreServer store;
  private final List<Node> nodes;
  private final Participants participants;
  private final Coverage coverage;
  private long overAt;

  Faults(
      World world,
      StoreServer store,
      List<Node> nodes,
      Participants participants,
      Coverage coverage) {
    this.world = world;
    this.store = store;
    this.nodes = nodes;
    this.participants = participants;
    this.coverage = coverage;
  }

  /** Whether the last of them has begun and, where it lasts, ended. */
  boolean areOver() {
    return world.nanos() >= overAt;
  }

  void schedule(Plan.Fault fault) {
    overAt = Math.max(overAt, fault.at().plus(length(fault)).toNanos());
    world.after(fault.at(), () -> begin(fault));
  }

  private static Duration length(Plan.Fault fault) {
    return switch (fault) {
      case Plan.Fault.Crash crash -> crash.downFor();
      case Plan.Fault.Pause pause -> pause.lasts();
      case Plan.Fault.Outage outage -> outage.lasts();
      case Plan.Fault.LostBatch ignored -> Duration.ZERO;
      case Plan.Fault.Silence silence -> silence.lasts();
    };
  }

  private void begin(Plan.Fault fault) {
    switch (fault) {
      case Plan.Fault.Crash(int number, var at, int steps, var downFor) -> {
        var node = nodes.get(number);
        node.strike(steps, () -> node.crash(downFor));
      }
      case Plan.Fault.Pause(int number, var at, int steps, var lasts) -> {
        var node = nodes.get(number);
        node.strike(steps, () -> node.pause(lasts));
      }
      case Plan.Fault.Outage(var illness, var at, var lasts) -> {
        world.tell("", "the store is " + illness);
        coverage.count("fault store " + illness);
        store.fallIll(illness, lasts);
      }
      case Plan.Fault.LostBatch(var at, boolean committed) -> {
        coverage.count("fault error " + (committed ? "after" : "before") + " commit");
        store.loseNextBatch(committed);
      }
      case Plan.Fault.Silence(var at, var lasts) -> {
        world.tell("", "the participants fall silent");
        coverage.count("fault silence");
        participants.fallSilent(lasts);
      }
    }
  }
}
