package io.dtm.spring.boot;

import io.dtm.client.TransactionClient;
import io.dtm.spring.BarrierDatabase;
import io.dtm.spring.BarrierTransactionalAdvisor;
import io.dtm.spring.BranchExceptionAdvice;
import io.dtm.spring.BranchRequestResolver;
import io.dtm.spring.CheckBackEndpoint;
import io.dtm.spring.JsonPayloads;
import io.dtm.spring.ParticipantEndpoints;
import io.dtm.spring.XaTransactions;
import io.dtm.xa.XaParticipant;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.transaction.TransactionManager;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The side of an application that takes part: its endpoints, and what stands around them. */
@AutoConfiguration(
    after = {BarrierAutoConfiguration.class, ParticipantsAutoConfiguration.class},
    afterName = {BootClasses.WEB_MVC_3, BootClasses.WEB_MVC_4})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(RequestMappingHandlerMapping.class)
public class BranchEndpointsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  ParticipantEndpoints participantEndpoints(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
      JsonPayloads payloads,
      ObjectProvider<XaTransactions> xaTransactions) {
    return new ParticipantEndpoints(mapping, payloads, xaTransactions);
  }

  @Bean
  @ConditionalOnMissingBean
  BranchExceptionAdvice branchExceptionAdvice() {
    return new BranchExceptionAdvice();
  }

  @Bean
  @ConditionalOnMissingBean
  BranchRequestResolver branchRequestResolver() {
    return new BranchRequestResolver();
  }

  @Bean
  WebMvcConfigurer branchRequestArguments(BranchRequestResolver resolver) {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(resolver);
      }
    };
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(BarrierDatabase.class)
  static class CheckBack {
    @Bean
    @ConditionalOnMissingBean
    CheckBackEndpoint checkBackEndpoint(
        @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
        BarrierDatabase database) {
      return new CheckBackEndpoint(mapping, database);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(TransactionManager.class)
  static class Barriers {
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @ConditionalOnMissingBean
    static BarrierTransactionalAdvisor barrierTransactionalAdvisor(BeanFactory beans) {
      return new BarrierTransactionalAdvisor(beans);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean({XaParticipant.class, DataSource.class})
  static class Xa {
    @Bean
    @ConditionalOnMissingBean
    XaTransactions xaTransactions(
        XaParticipant participant, TransactionClient client, DataSource dataSource) {
      return new XaTransactions(participant, client, dataSource);
    }
  }
}
