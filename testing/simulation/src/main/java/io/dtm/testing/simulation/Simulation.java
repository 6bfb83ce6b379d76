package io.dtm.testing.simulation;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of the real engine in a simulated world. The same seed gives the same run, in any JVM.
 * Thread-safe: each run has a world of its own.
 */
public final class Simulation {
  /** Longest simulated time until everything must have ended. */
  private static final Duration QUIET_MAX = Duration.ofMinutes(30);

  /** How long we go on looking after everything has ended. */
  private static final Duration AFTERMATH = Duration.ofSeconds(12);

  /** How long after its time a finished transaction may still be there. */
  private static final Duration SWEEPS_MAX = Duration.ofMinutes(3);

  private Simulation() {}

  /**
   * What came of a run.
   *
   * @param violation the first broken invariant; null when all held
   * @param story what happened to the transaction concerned; empty unless it was asked for
   * @param trace a check sum over the whole story
   * @param plan what the run began with, in lines
   */
  public record Outcome(
      long seed,
      @Nullable Violation violation,
      Coverage coverage,
      long steps,
      List<String> story,
      String trace,
      List<String> plan) {}

  /** Runs one seed, without a story. */
  public static Outcome run(long seed, Defect defect) {
    return run(Planner.plan(seed), defect, new Story(false));
  }

  /** Runs one seed and tells its story. */
  public static Outcome replay(long seed, Defect defect) {
    return run(Planner.plan(seed), defect, new Story(true));
  }

  /**
   * Takes away from a failing run whatever it can do without, and tells the story of what is left.
   */
  public static Outcome shrink(long seed, Defect defect) {
    return run(new Shrinker(defect).shrink(Planner.plan(seed)), defect, new Story(true));
  }

  static Outcome run(Plan plan, Defect defect, Story story) {
    var world = new World(plan.seed(), story);
    var history = new History(world, plan, Node.LEASE);
    var coverage = new Coverage();
    var effects = new Effects();
    var store = new StoreServer(world, history, defect);
    var participants = new Participants(world, history, coverage, effects, plan, defect);
    var parts = new Node.Parts(world, history, plan, store, participants, coverage, defect);
    var nodes =
        IntStream.range(0, plan.skews().size())
            .mapToObj(number -> new Node(parts, number))
            .toList();
    nodes.forEach(Node::start);
    var clients = new Clients(world, nodes, participants, history, effects, plan);
    var faults = new Faults(world, store, nodes, participants, coverage);
    plan.faults().forEach(faults::schedule);
    try {
      do {
        world.runUntil(
            () ->
                history.violation() != null
                    || (clients.areDone() && faults.areOver() && history.open() == 0),
            QUIET_MAX);
        // What was still on its way may begin another one.
        world.runUntil(() -> history.violation() != null, AFTERMATH);
      } while (history.violation() == null
          && history.open() > 0
          && world.nanos() < QUIET_MAX.toNanos());
      if (plan.isForgetful()) {
        world.runUntil(
            () -> history.violation() != null || history.isAllDeleted(),
            plan.retention().plus(SWEEPS_MAX));
      }
      new Verification(history, participants, effects, coverage).check(plan);
    } catch (Violation e) {
      history.violated(e.invariant(), e.gid(), e.how());
    }
    var violation = history.violation();
    return new Outcome(
        plan.seed(),
        violation,
        coverage,
        world.steps(),
        story.about(violation == null ? "" : violation.gid()),
        story.hash(),
        plan.describe());
  }
}
