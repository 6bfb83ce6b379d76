package io.dtm.server.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which step of a saga waits for which, as a client asks for it: a saga whose steps wait for each
 * other would never end, so it must not begin.
 */
public final class SagaOrders {
  private final Map<Integer, List<Integer>> predecessors;
  private final int steps;

  private SagaOrders(Map<Integer, List<Integer>> predecessors, int steps) {
    this.predecessors = predecessors;
    this.steps = steps;
  }

  /**
   * Why orders cannot be kept.
   *
   * @param value what is wrong, such as {@code cycle 0 after 1 after 0}
   */
  public record Flaw(String value, String expected) {}

  /** The same orders without repetitions and without the steps that wait for none. */
  public static Map<Integer, List<Integer>> normalized(Map<Integer, List<Integer>> orders) {
    return orders.entrySet().stream()
        .filter(e -> !e.getValue().isEmpty())
        .collect(
            Collectors.toMap(Map.Entry::getKey, e -> e.getValue().stream().distinct().toList()));
  }

  /**
   * The first thing that is wrong with orders: a step that is not there, a cycle, or, where steps
   * run one after the other, a step that waits for a later one.
   *
   * @param steps how many steps the saga has
   */
  public static Optional<Flaw> flaw(
      Map<Integer, List<Integer>> orders, int steps, boolean concurrent) {
    var checked = new SagaOrders(orders, steps);
    return checked
        .unknownStep()
        .or(() -> concurrent ? checked.cycle() : checked.waitsForALaterOne());
  }

  private Optional<Flaw> unknownStep() {
    var expected = steps == 0 ? "none, there are no steps" : "0 to " + (steps - 1);
    for (var order : predecessors.entrySet()) {
      if (!isStep(order.getKey())) {
        return Optional.of(new Flaw("step " + order.getKey(), expected));
      }
      for (int other : order.getValue()) {
        if (!isStep(other)) {
          return Optional.of(new Flaw("step " + other, expected));
        }
      }
    }
    return Optional.empty();
  }

  private boolean isStep(int step) {
    return step >= 0 && step < steps;
  }

  /** Steps that run one after the other wait for all earlier ones already. */
  private Optional<Flaw> waitsForALaterOne() {
    for (var order : predecessors.entrySet()) {
      for (int other : order.getValue()) {
        if (other >= order.getKey()) {
          return Optional.of(
              new Flaw(
                  "step %d waits for step %d".formatted(order.getKey(), other),
                  "an earlier step, unless concurrent is true"));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Walks from each step to what it waits for, without recursion: a chain may be as long as there
   * are steps.
   */
  private Optional<Flaw> cycle() {
    var done = new boolean[steps];
    var onPath = new boolean[steps];
    for (int start : predecessors.keySet()) {
      var path = new ArrayDeque<Visit>();
      if (!done[start]) {
        enter(start, path, onPath);
      }
      while (!path.isEmpty()) {
        var visit = path.getLast();
        if (!visit.open().hasNext()) {
          onPath[visit.step()] = false;
          done[visit.step()] = true;
          path.removeLast();
          continue;
        }
        int next = visit.open().next();
        if (onPath[next]) {
          return Optional.of(new Flaw("cycle " + names(next, path), "orders without a cycle"));
        }
        if (!done[next]) {
          enter(next, path, onPath);
        }
      }
    }
    return Optional.empty();
  }

  private void enter(int step, Deque<Visit> path, boolean[] onPath) {
    onPath[step] = true;
    path.addLast(new Visit(step, predecessors.getOrDefault(step, List.of()).iterator()));
  }

  private static String names(int step, Deque<Visit> path) {
    var names = new ArrayList<String>();
    path.stream()
        .dropWhile(visit -> visit.step() != step)
        .forEach(visit -> names.add(Integer.toString(visit.step())));
    names.add(Integer.toString(step));
    return String.join(" after ", names);
  }

  /** One step on the path, and those it waits for that are still to be looked at. */
  private record Visit(int step, Iterator<Integer> open) {}
}
