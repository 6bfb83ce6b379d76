package io.dtm.server.api.grpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Checks which step of a saga waits for which: a saga whose steps wait for each other would never
 * end.
 */
final class SagaOrders {
  private static final String FIELD = Fields.CUSTOM_DATA + ".orders";

  private final Map<Integer, List<Integer>> predecessors;
  private final int steps;

  private SagaOrders(Map<Integer, List<Integer>> predecessors, int steps) {
    this.predecessors = predecessors;
    this.steps = steps;
  }

  /**
   * The same orders without the steps that wait for none.
   *
   * @throws InvalidRequest when they name a step that is not there, or cannot be kept
   */
  static Map<Integer, List<Integer>> checked(
      Map<Integer, List<Integer>> orders, int steps, boolean concurrent) {
    if (orders.isEmpty()) {
      return orders;
    }
    var waiting =
        orders.entrySet().stream()
            .peek(e -> requireStep(e.getKey(), steps))
            .filter(e -> !e.getValue().isEmpty())
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, e -> e.getValue().stream().distinct().toList()));
    var checks = new SagaOrders(waiting, steps);
    checks.requireKnownSteps();
    if (concurrent) {
      checks.requireNoCycle();
    } else {
      checks.requireEarlierSteps();
    }
    return waiting;
  }

  private void requireKnownSteps() {
    predecessors.values().forEach(list -> list.forEach(step -> requireStep(step, steps)));
  }

  private static void requireStep(int step, int steps) {
    if (step < 0 || step >= steps) {
      var expected = steps == 0 ? "none, there are no steps" : "0 to " + (steps - 1);
      throw InvalidRequest.of(FIELD, "step " + step, expected);
    }
  }

  /** Steps that run one after the other wait for all earlier ones already. */
  private void requireEarlierSteps() {
    predecessors.forEach((step, before) -> {
      for (int other : before) {
        if (other >= step) {
          throw InvalidRequest.of(
              FIELD,
              "step %d waits for step %d".formatted(step, other),
              "an earlier step, unless concurrent is true");
        }
      }
    });
  }

  /**
   * Walks from each step to what it waits for, without recursion: a chain may be as long as there
   * are steps.
   */
  private void requireNoCycle() {
    var done = new boolean[steps];
    var onPath = new boolean[steps];
    for (int start : predecessors.keySet()) {
      var path = new ArrayDeque<Visit>();
      enter(start, path, done, onPath);
      while (!path.isEmpty()) {
        var visit = path.getLast();
        if (visit.open().hasNext()) {
          enter(visit.open().next(), path, done, onPath);
        } else {
          onPath[visit.step()] = false;
          done[visit.step()] = true;
          path.removeLast();
        }
      }
    }
  }

  private void enter(int step, ArrayDeque<Visit> path, boolean[] done, boolean[] onPath) {
    if (onPath[step]) {
      throw InvalidRequest.of(FIELD, "cycle " + cycle(step, path), "orders without a cycle");
    }
    if (!done[step]) {
      onPath[step] = true;
      path.addLast(new Visit(step, predecessors.getOrDefault(step, List.of()).iterator()));
    }
  }

  private static String cycle(int step, ArrayDeque<Visit> path) {
    var names = new ArrayList<String>();
    path.stream().dropWhile(visit -> visit.step() != step).forEach(v -> names.add("" + v.step()));
    names.add(Integer.toString(step));
    return String.join(" after ", names);
  }

  /** One step on the path, and those it waits for that are still to be looked at. */
  private record Visit(int step, Iterator<Integer> open) {}
}
