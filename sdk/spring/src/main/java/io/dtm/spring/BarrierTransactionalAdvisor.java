package io.dtm.spring;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.aop.Advice;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Has {@link BarrierTransactional} do what it says: one bean of it, with the infrastructure role,
 * in an application that has an auto-proxy creator, as {@code @EnableTransactionManagement} brings
 * one. Registered after Spring's own advisor of {@code @Transactional}, it stands inside of that,
 * so that isolation and timeout of a method that has both are the transaction's.
 */
public final class BarrierTransactionalAdvisor extends AbstractPointcutAdvisor {
  private static final long serialVersionUID = 1L;

  private final transient Pointcut pointcut = new GuardedMethods();
  private final transient BarrierInterceptor interceptor;

  /**
   * @param beans asked for a {@link BarrierDatabase}, and for every {@link BarrierListener}, with
   *     the first guarded call
   */
  public BarrierTransactionalAdvisor(BeanFactory beans) {
    this.interceptor = new BarrierInterceptor(new Databases(beans), beans);
  }

  @Override
  public Pointcut getPointcut() {
    return pointcut;
  }

  @Override
  public Advice getAdvice() {
    return interceptor;
  }

  /** Methods with the annotation, and the public ones of classes with it. */
  private static final class GuardedMethods extends StaticMethodMatcherPointcut {
    private GuardedMethods() {
      setClassFilter(type -> AnnotationUtils.isCandidateClass(type, BarrierTransactional.class));
    }

    @Override
    public boolean matches(Method method, Class<?> type) {
      return GuardRules.isGuarded(AopUtils.getMostSpecificMethod(method, type), type);
    }
  }

  /** Looks up databases by the name of their bean. */
  static final class Databases {
    private final BeanFactory beans;
    private final Map<String, BarrierDatabase> known = new ConcurrentHashMap<>();

    private Databases(BeanFactory beans) {
      this.beans = beans;
    }

    BarrierDatabase named(String name) {
      return known.computeIfAbsent(
          name,
          bean ->
              bean.isEmpty()
                  ? beans.getBean(BarrierDatabase.class)
                  : beans.getBean(bean, BarrierDatabase.class));
    }
  }
}
