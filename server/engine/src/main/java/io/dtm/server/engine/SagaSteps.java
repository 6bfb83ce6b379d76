package io.dtm.server.engine;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps of a saga, read out of its branches: step {@code i} is the pair of branches {@code 2i}
 * (compensation) and {@code 2i + 1} (action), the order in which every client sees them.
 */
final class SagaSteps {
  private final List<Branch> branches;
  private final TransactionSpec.Saga spec;
  private final Map<Integer, List<Integer>> successors;

  private SagaSteps(List<Branch> branches, TransactionSpec.Saga spec) {
    this.branches = branches;
    this.spec = spec;
    this.successors = successors(spec);
  }

  static SagaSteps of(GlobalTransaction saga) {
    return new SagaSteps(saga.branches(), (TransactionSpec.Saga) saga.definition().spec());
  }

  /** The branches of a new saga. */
  static List<Branch> plan(List<Step> steps, Instant now) {
    var planned = new ArrayList<Branch>(2 * steps.size());
    for (int i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      var id = "%02d".formatted(i + 1);
      planned.add(Branch.planned(id, Operation.COMPENSATE, step.compensate(), step.payload(), now));
      planned.add(Branch.planned(id, Operation.ACTION, step.action(), step.payload(), now));
    }
    return planned;
  }

  int count() {
    return branches.size() / 2;
  }

  int compensationIndex(int step) {
    return 2 * step;
  }

  int actionIndex(int step) {
    return 2 * step + 1;
  }

  Branch compensation(int step) {
    return branches.get(compensationIndex(step));
  }

  Branch action(int step) {
    return branches.get(actionIndex(step));
  }

  /** Whether everything that must succeed before this step's action has succeeded. */
  boolean isOpen(int step) {
    if (!spec.concurrent() && step > 0 && !hasSucceeded(step - 1)) {
      return false;
    }
    return spec.predecessors().getOrDefault(step, List.of()).stream().allMatch(this::hasSucceeded);
  }

  /**
   * Whether the action took effect, was refused, or may have been called without our knowing its
   * end (I3).
   */
  boolean mayHaveRun(int step) {
    return action(step).status() != BranchStatus.PREPARED || isOpen(step);
  }

  boolean mustBeCompensated(int step) {
    return compensation(step).status() != BranchStatus.SUCCEEDED && mayHaveRun(step);
  }

  /** The steps that have to be undone before this one, as far as the order of the saga goes. */
  List<Integer> successors(int step) {
    return successors.getOrDefault(step, List.of());
  }

  boolean isConcurrent() {
    return spec.concurrent();
  }

  private boolean hasSucceeded(int step) {
    return action(step).status() == BranchStatus.SUCCEEDED;
  }

  private static Map<Integer, List<Integer>> successors(TransactionSpec.Saga spec) {
    var found = new HashMap<Integer, List<Integer>>();
    spec.predecessors()
        .forEach((step, predecessors) ->
            predecessors.forEach(predecessor ->
                found.computeIfAbsent(predecessor, p -> new ArrayList<>()).add(step)));
    return found.entrySet().stream()
        .collect(toUnmodifiableMap(Map.Entry::getKey, e -> List.copyOf(e.getValue())));
  }
}
