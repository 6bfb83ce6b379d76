package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Gives every bean that is a {@link Participant} its endpoints, once all beans are there: {@code
 * /stock/deduct/action} for the action of the step {@code deduct} of the participant {@code stock},
 * and so on for {@code compensate}, {@code try}, {@code confirm}, {@code cancel}, and {@code xa}
 * for both phases of an XA branch.
 *
 * <p>They answer 200 with what the method returns, as JSON. Body and result are read and written by
 * {@link JsonPayloads}; a body of more than 16 MiB is answered with 413. The start fails when the
 * steps of a participant are not whole, when two have the same name, or when an {@link XaAction} is
 * there without an {@link XaTransactions}.
 */
public final class ParticipantEndpoints implements BeanFactoryAware, SmartInitializingSingleton {
  private final RequestMappingHandlerMapping mapping;
  private final JsonPayloads payloads;
  private final ObjectProvider<XaTransactions> xa;
  private @Nullable ListableBeanFactory beans;

  /**
   * @param xa asked only when a participant has an {@link XaAction}
   */
  public ParticipantEndpoints(
      RequestMappingHandlerMapping mapping,
      JsonPayloads payloads,
      ObjectProvider<XaTransactions> xa) {
    this.mapping = requireNonNull(mapping, "mapping");
    this.payloads = requireNonNull(payloads, "payloads");
    this.xa = requireNonNull(xa, "xa");
  }

  @Override
  public void setBeanFactory(BeanFactory beans) {
    this.beans = (ListableBeanFactory) beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    var all = requireNonNull(beans, "bean factory: not set (expected: to be a bean)");
    var names = new HashMap<String, String>();
    for (var name : all.getBeanNamesForAnnotation(Participant.class)) {
      var bean = all.getBean(name);
      var participant = ParticipantType.of(AopUtils.getTargetClass(bean));
      var other = names.putIfAbsent(participant.name(), name);
      if (other != null) {
        throw new IllegalStateException(
            "participant '%s': beans %s and %s (expected: one)"
                .formatted(participant.name(), other, name));
      }
      register(participant, bean);
    }
  }

  private void register(ParticipantType participant, Object bean) {
    Map<String, BranchMethod> methods = new HashMap<>();
    participant.methods().forEach(method -> methods.put(participant.path(method), method));
    methods.forEach((path, method) -> Endpoints.register(mapping, path, handler(bean, method)));
  }

  private Object handler(Object bean, BranchMethod method) {
    var call = new BranchInvocation(bean, method, payloads);
    if (method.operation() != BranchOperation.XA_ACTION) {
      return new BranchEndpoint(call);
    }
    var transactions = xa.getIfAvailable();
    if (transactions == null) {
      throw new IllegalStateException(
          "%s: @XaAction (expected: a bean XaTransactions)".formatted(method.method()));
    }
    return new XaEndpoint(call, transactions);
  }
}
