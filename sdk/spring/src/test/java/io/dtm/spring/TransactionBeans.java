package io.dtm.spring;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The beans of an application without Spring Boot, as the documents show them. */
// page: begin
@Configuration(proxyBeanMethods = false)
class TransactionBeans implements WebMvcConfigurer {
  @Bean
  JsonPayloads jsonPayloads(ObjectProvider<RequestMappingHandlerAdapter> adapter) {
    return new JsonPayloads(() -> adapter.getObject().getMessageConverters());
  }

  @Bean
  Participants participants(ServiceAddresses addresses, JsonPayloads payloads) {
    return new Participants(addresses, payloads);
  }

  @Bean
  BarrierDatabase barrierDatabase(DataSource data, PlatformTransactionManager transactions) {
    return BarrierDatabase.of(data, transactions);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static BarrierTransactionalAdvisor barrierTransactionalAdvisor(BeanFactory beans) {
    return new BarrierTransactionalAdvisor(beans);
  }

  @Bean
  ParticipantEndpoints participantEndpoints(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
      JsonPayloads payloads,
      ObjectProvider<XaTransactions> xa) {
    return new ParticipantEndpoints(mapping, payloads, xa);
  }

  @Bean
  CheckBackEndpoint checkBackEndpoint(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
      BarrierDatabase database) {
    return new CheckBackEndpoint(mapping, database);
  }

  @Bean
  BranchExceptionAdvice branchExceptionAdvice() {
    return new BranchExceptionAdvice();
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new BranchRequestResolver());
  }
}
// page: end
