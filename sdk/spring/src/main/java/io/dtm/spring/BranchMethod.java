package io.dtm.spring;

import io.dtm.client.BranchRequest;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * One operation of one step, and the method that carries it out.
 *
 * @param compensated of a saga's action: whether it has to be undone
 */
record BranchMethod(String step, BranchOperation operation, Method method, boolean compensated) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  BranchMethod {
    requireName("step", step, method);
    var payloads =
        Arrays.stream(method.getParameterTypes()).filter(type -> !isRequest(type)).count();
    if (payloads > 1 || method.getParameterCount() - payloads > 1) {
      throw new IllegalArgumentException(
          "%s: %d parameters (expected: the payload, a BranchRequest, both or none)"
              .formatted(method, method.getParameterCount()));
    }
  }

  /** What a method does; nothing unless it is annotated. */
  static List<BranchMethod> of(Method method) {
    var found = new ArrayList<BranchMethod>();
    var action = AnnotatedElementUtils.findMergedAnnotation(method, SagaAction.class);
    if (action != null) {
      found.add(
          new BranchMethod(
              named(action.value(), method),
              BranchOperation.SAGA_ACTION,
              method,
              action.compensated()));
    }
    var compensate = AnnotatedElementUtils.findMergedAnnotation(method, Compensate.class);
    if (compensate != null) {
      found.add(of(compensate.value(), BranchOperation.COMPENSATE, method));
    }
    var message = AnnotatedElementUtils.findMergedAnnotation(method, MessageAction.class);
    if (message != null) {
      found.add(of(named(message.value(), method), BranchOperation.MESSAGE_ACTION, method));
    }
    var xa = AnnotatedElementUtils.findMergedAnnotation(method, XaAction.class);
    if (xa != null) {
      found.add(of(named(xa.value(), method), BranchOperation.XA_ACTION, method));
    }
    found.addAll(ofTcc(method));
    return found;
  }

  private static List<BranchMethod> ofTcc(Method method) {
    var found = new ArrayList<BranchMethod>();
    var tries = AnnotatedElementUtils.findMergedAnnotation(method, TccTry.class);
    if (tries != null) {
      found.add(of(named(tries.value(), method), BranchOperation.TRY, method));
    }
    var confirm = AnnotatedElementUtils.findMergedAnnotation(method, TccConfirm.class);
    if (confirm != null) {
      found.add(of(confirm.value(), BranchOperation.CONFIRM, method));
    }
    var cancel = AnnotatedElementUtils.findMergedAnnotation(method, TccCancel.class);
    if (cancel != null) {
      found.add(of(cancel.value(), BranchOperation.CANCEL, method));
    }
    return found;
  }

  private static BranchMethod of(String step, BranchOperation operation, Method method) {
    return new BranchMethod(step, operation, method, false);
  }

  private static String named(String step, Method method) {
    return step.isEmpty() ? method.getName() : step;
  }

  /** Below the participant's path. */
  String path() {
    return "/" + step + "/" + operation.segment();
  }

  /** The type of the payload; empty when there is none. */
  Optional<Type> payloadType() {
    return Arrays.stream(method.getGenericParameterTypes())
        .filter(type -> !isRequest(type))
        .findFirst();
  }

  /** What to call the method with. */
  @Nullable Object[] arguments(@Nullable Object payload, BranchRequest request) {
    return Arrays.stream(method.getParameterTypes())
        .map(type -> isRequest(type) ? request : payload)
        .toArray();
  }

  static boolean isRequest(Type type) {
    return type == BranchRequest.class;
  }

  static void requireName(String what, String name, Object where) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "%s: %s: '%s' (expected: 1 to 64 letters, digits, '.', '_' and '-')"
              .formatted(where, what, name));
    }
  }
}
