package io.dtm.sdk.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The search through all plans, those with fewer faults first. For one use. */
final class Exploration {
  private final ExplorationRuns runs;
  private final Set<Fault> kinds;
  private final int runsMax;
  private final int faultsMax;
  private final List<FailingSchedule> failing = new ArrayList<>();
  private int made;
  private boolean complete = true;

  Exploration(ExplorationRuns runs, Set<Fault> kinds, int runsMax, int faultsMax) {
    this.runs = runs;
    this.kinds = kinds;
    this.runsMax = runsMax;
    this.faultsMax = faultsMax;
  }

  ExplorationReport search() {
    var level = List.of(FaultPlan.none());
    while (!level.isEmpty() && failing.isEmpty()) {
      level = tryAll(level);
    }
    var shortest =
        failing.stream().min(Comparator.comparingInt(schedule -> schedule.calls().size()));
    return new ExplorationReport(made, failing.size(), complete, shortest.orElse(null));
  }

  /** Goes through all plans of so many faults, and tells those with one fault more. */
  private List<FaultPlan> tryAll(List<FaultPlan> plans) {
    var next = new ArrayList<FaultPlan>();
    for (var plan : plans) {
      if (made == runsMax) {
        complete = false;
        return List.of();
      }
      var run = runs.make(plan);
      made++;
      run.failure().ifPresent(failing::add);
      if (plan.size() < faultsMax) {
        collect(plan.extended(run.calls(), kinds), next);
      }
    }
    return next;
  }

  /** No more than can be tried. */
  private void collect(List<FaultPlan> extended, List<FaultPlan> next) {
    for (var plan : extended) {
      if (next.size() == runsMax) {
        complete = false;
        return;
      }
      next.add(plan);
    }
  }
}
