package io.dtm.spring;

import io.dtm.barrier.Barrier;
import io.dtm.spring.BarrierTransactionalAdvisor.Databases;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;

/** Runs a guarded method in a transaction of Spring, behind the barrier of the current request. */
final class BarrierInterceptor implements MethodInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierInterceptor.class);

  private final Map<GuardedMethod, String> databaseNames = new ConcurrentHashMap<>();
  private final Databases databases;
  private final BeanFactory beans;

  private record GuardedMethod(Method method, Class<?> type) {}

  BarrierInterceptor(Databases databases, BeanFactory beans) {
    this.databases = databases;
    this.beans = beans;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    var barrier = CurrentBranch.barrier();
    var database = database(invocation);
    return database.<@Nullable Object, Throwable>inTransaction(
        () -> proceed(invocation, database, barrier));
  }

  private @Nullable Object proceed(
      MethodInvocation invocation, BarrierDatabase database, Barrier barrier) throws Throwable {
    var outcome = database.mark(barrier);
    var request = CurrentBranch.require();
    beans.getBeanProvider(BarrierListener.class).forEach(one -> one.onOutcome(request, outcome));
    if (outcome.hasRun()) {
      return invocation.proceed();
    }
    LOG.info("{}: not carried out, {}", barrier, outcome);
    return ReturnValues.orNothing(invocation.getMethod().getReturnType(), null);
  }

  private BarrierDatabase database(MethodInvocation invocation) {
    var method = invocation.getMethod();
    var target = invocation.getThis();
    var type = target == null ? method.getDeclaringClass() : AopUtils.getTargetClass(target);
    var name =
        databaseNames.computeIfAbsent(
            new GuardedMethod(method, type),
            guarded -> GuardRules.databaseName(AopUtils.getMostSpecificMethod(method, type), type));
    return databases.named(name);
  }
}
