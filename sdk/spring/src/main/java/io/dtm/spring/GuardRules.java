package io.dtm.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;

/** Which methods a barrier can guard: those whose work is over, in one transaction, on return. */
final class GuardRules {
  private static final Set<Integer> JOINING =
      Set.of(
          TransactionDefinition.PROPAGATION_REQUIRED,
          TransactionDefinition.PROPAGATION_SUPPORTS,
          TransactionDefinition.PROPAGATION_MANDATORY);

  /** By name, because the libraries that they come from may not be there. */
  private static final List<String> LATER =
      List.of(
          "org.reactivestreams.Publisher",
          "org.springframework.web.context.request.async.DeferredResult",
          "org.springframework.web.context.request.async.WebAsyncTask",
          "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
          "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

  private GuardRules() {}

  static boolean isGuarded(Method method, Class<?> type) {
    if (method.getDeclaringClass() == Object.class) {
      return false;
    }
    return AnnotatedElementUtils.hasAnnotation(method, BarrierTransactional.class)
        || (Modifier.isPublic(method.getModifiers())
            && AnnotatedElementUtils.hasAnnotation(type, BarrierTransactional.class));
  }

  /**
   * The name in the annotation, of the method before that of the class.
   *
   * @throws IllegalStateException when the method cannot be guarded
   */
  static String databaseName(Method method, Class<?> type) {
    requireWholeOnReturn(method);
    requireSameTransaction(method, type);
    var own = AnnotatedElementUtils.findMergedAnnotation(method, BarrierTransactional.class);
    if (own != null) {
      return own.value();
    }
    var ofType = AnnotatedElementUtils.findMergedAnnotation(type, BarrierTransactional.class);
    return ofType == null ? "" : ofType.value();
  }

  private static void requireWholeOnReturn(Method method) {
    var returned = method.getReturnType();
    var isLater =
        Future.class.isAssignableFrom(returned)
            || CompletionStage.class.isAssignableFrom(returned)
            || Callable.class.isAssignableFrom(returned)
            || LATER.stream().anyMatch(name -> isNamed(returned, name));
    if (isLater) {
      throw new IllegalStateException(
          "%s: returns %s (expected: with @BarrierTransactional, something that is there when the"
                  .formatted(method, returned.getSimpleName())
              + " method returns, for then the transaction ends)");
    }
  }

  private static void requireSameTransaction(Method method, Class<?> type) {
    var attribute =
        new AnnotationTransactionAttributeSource().getTransactionAttribute(method, type);
    if (attribute != null && !JOINING.contains(attribute.getPropagationBehavior())) {
      throw new IllegalStateException(
          "%s: @Transactional with a propagation that may leave the barrier's transaction"
                  .formatted(method)
              + " (expected: REQUIRED, SUPPORTS or MANDATORY)");
    }
  }

  private static boolean isNamed(Class<?> type, String name) {
    for (Class<?> one = type; one != null; one = one.getSuperclass()) {
      if (one.getName().equals(name)
          || List.of(one.getInterfaces()).stream().anyMatch(each -> isNamed(each, name))) {
        return true;
      }
    }
    return false;
  }
}
