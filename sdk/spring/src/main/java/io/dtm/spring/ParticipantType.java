package io.dtm.spring;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * A participant as its annotations tell it.
 *
 * @param service where it runs
 * @param methods what it does, every step whole
 */
record ParticipantType(String name, String service, List<BranchMethod> methods) {

  /**
   * Reads the annotations of a class or an interface, and of what it inherits.
   *
   * @throws IllegalArgumentException when it is no participant, or a step is not whole
   */
  static ParticipantType of(Class<?> type) {
    var participant = AnnotatedElementUtils.findMergedAnnotation(type, Participant.class);
    if (participant == null) {
      throw new IllegalArgumentException(
          "%s: no @Participant (expected: on it, or on an interface of it)"
              .formatted(type.getName()));
    }
    var name = participant.value();
    BranchMethod.requireName("name", name, type.getName());
    var service = participant.service().isEmpty() ? name : participant.service();
    var methods =
        MethodIntrospector.selectMethods(type, ParticipantType::isAnnotated).stream()
            .flatMap(method -> BranchMethod.of(method).stream())
            .toList();
    if (methods.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no step (expected: a method with @SagaAction, @TccTry, @MessageAction or @XaAction)"
              .formatted(type.getName()));
    }
    new StepRules(type, methods).check();
    return new ParticipantType(name, service, methods);
  }

  private static boolean isAnnotated(Method method) {
    return !BranchMethod.of(method).isEmpty();
  }

  /** The path of one of its methods. */
  String path(BranchMethod method) {
    return "/" + name + method.path();
  }

  /** What the method of a call does in this role; empty when it has another one. */
  Optional<BranchMethod> find(Method called, BranchOperation operation) {
    return methods.stream()
        .filter(method -> method.operation() == operation)
        .filter(method -> isSame(method.method(), called))
        .findFirst();
  }

  Optional<BranchMethod> find(String step, BranchOperation operation) {
    return methods.stream()
        .filter(method -> method.operation() == operation && method.step().equals(step))
        .findFirst();
  }

  private static boolean isSame(Method one, Method other) {
    return one.getName().equals(other.getName())
        && List.of(one.getParameterTypes()).equals(List.of(other.getParameterTypes()));
  }
}
