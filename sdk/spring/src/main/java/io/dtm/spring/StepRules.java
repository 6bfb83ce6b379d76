package io.dtm.spring;

import static io.dtm.spring.BranchOperation.CANCEL;
import static io.dtm.spring.BranchOperation.COMPENSATE;
import static io.dtm.spring.BranchOperation.CONFIRM;
import static io.dtm.spring.BranchOperation.SAGA_ACTION;
import static io.dtm.spring.BranchOperation.TRY;

import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether every step of a participant is whole, so that a gap shows as the application starts. */
final class StepRules {
  private final Class<?> type;
  private final List<BranchMethod> methods;

  StepRules(Class<?> type, List<BranchMethod> methods) {
    this.type = type;
    this.methods = methods;
  }

  /**
   * @throws IllegalArgumentException naming the step and what it lacks
   */
  void check() {
    onePathOneMethod();
    var steps = new TreeMap<String, Map<BranchOperation, BranchMethod>>();
    for (var method : methods) {
      steps
          .computeIfAbsent(method.step(), step -> new EnumMap<>(BranchOperation.class))
          .put(method.operation(), method);
    }
    steps.forEach(this::check);
  }

  private void check(String step, Map<BranchOperation, BranchMethod> operations) {
    if (operations.containsKey(COMPENSATE)) {
      require(step, operations, SAGA_ACTION);
    }
    var action = operations.get(SAGA_ACTION);
    if (action != null && action.compensated()) {
      require(step, operations, COMPENSATE);
    }
    if (action != null && !action.compensated() && operations.containsKey(COMPENSATE)) {
      throw wrong(step, "@SagaAction(compensated = false), yet a @Compensate is there");
    }
    if (operations.containsKey(TRY)
        || operations.containsKey(CONFIRM)
        || operations.containsKey(CANCEL)) {
      require(step, operations, TRY);
      require(step, operations, CONFIRM);
      require(step, operations, CANCEL);
    }
  }

  private void onePathOneMethod() {
    var taken = new HashMap<String, Method>();
    for (var method : methods) {
      var other = taken.putIfAbsent(method.path(), method.method());
      if (other != null && !other.equals(method.method())) {
        throw wrong(
            method.step(),
            "%s and %s both are its %s"
                .formatted(
                    other.getName(), method.method().getName(), method.operation().segment()));
      }
    }
  }

  private void require(
      String step, Map<BranchOperation, BranchMethod> operations, BranchOperation operation) {
    if (!operations.containsKey(operation)) {
      throw wrong(step, "no method with @" + operation.annotation());
    }
  }

  private IllegalArgumentException wrong(String step, String what) {
    return new IllegalArgumentException("%s: step '%s': %s".formatted(type.getName(), step, what));
  }
}
