package io.dtm.testing.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes a failing plan smaller while the same invariant stays broken. */
final class Shrinker {
  private static final int RUNS_MAX = 400;

  private final Defect defect;
  private int runs;

  Shrinker(Defect defect) {
    this.defect = defect;
  }

  Plan shrink(Plan failing) {
    var violation = Simulation.run(failing, defect, new Story(false)).violation();
    if (violation == null) {
      return failing;
    }
    var best = failing;
    boolean smaller = true;
    while (smaller) {
      var current = best;
      var next = smallerOnes(current).filter(plan -> fails(plan, violation)).findFirst();
      smaller = next.isPresent();
      best = next.orElse(best);
    }
    return best;
  }

  private boolean fails(Plan plan, Violation like) {
    if (runs++ >= RUNS_MAX) {
      return false;
    }
    var violation = Simulation.run(plan, defect, new Story(false)).violation();
    return violation != null && violation.invariant().equals(like.invariant());
  }

  /** The same plan with one thing less. */
  private static Stream<Plan> smallerOnes(Plan plan) {
    return Stream.of(
            without(plan.orders()).map(orders -> plan.with(plan.faults(), orders)),
            without(plan.faults()).map(faults -> plan.with(faults, plan.orders())),
            unskewed(plan),
            each(plan, order -> without(order.visits()).map(visits -> withVisits(order, visits))),
            each(plan, order -> plainer(order.steps()).map(steps -> withSteps(order, steps))))
        .flatMap(plans -> plans);
  }

  private static Stream<Plan> unskewed(Plan plan) {
    return plan.skews().stream().allMatch(Duration::isZero)
        ? Stream.of()
        : Stream.of(plan.withSkews(plan.skews().stream().map(skew -> Duration.ZERO).toList()));
  }

  private static Stream<List<Plan.StepPlan>> plainer(List<Plan.StepPlan> steps) {
    var plain = new Plan.StepPlan(false, List.of(), List.of());
    return IntStream.range(0, steps.size())
        .filter(i -> !steps.get(i).equals(plain))
        .mapToObj(i -> replaced(steps, i, plain));
  }

  private static Stream<Plan> each(Plan plan, Function<Plan.Order, Stream<Plan.Order>> smaller) {
    return IntStream.range(0, plan.orders().size())
        .boxed()
        .flatMap(i ->
            smaller
                .apply(plan.orders().get(i))
                .map(order -> plan.with(plan.faults(), replaced(plan.orders(), i, order))));
  }

  private static <T> Stream<List<T>> without(List<T> all) {
    return IntStream.range(0, all.size())
        .mapToObj(i -> {
          var rest = new ArrayList<>(all);
          rest.remove(i);
          return rest;
        });
  }

  private static <T> List<T> replaced(List<T> all, int index, T other) {
    var changed = new ArrayList<>(all);
    changed.set(index, other);
    return changed;
  }

  private static Plan.Order withVisits(Plan.Order order, List<Plan.Visit> visits) {
    return order.with(order.steps(), visits);
  }

  private static Plan.Order withSteps(Plan.Order order, List<Plan.StepPlan> steps) {
    return order.with(steps, order.visits());
  }
}
