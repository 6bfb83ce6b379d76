package io.dtm.spring.boot4;

import io.dtm.spring.TransactionHeadersFilter;
import io.dtm.spring.TransactionHeadersInterceptor;
import io.dtm.spring.boot.PropagationAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;

/** Has every HTTP client that Spring Boot builds pass headers on. */
@AutoConfiguration(after = PropagationAutoConfiguration.class)
public class HttpClientsAutoConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RestClientCustomizer.class)
  @ConditionalOnBean(TransactionHeadersInterceptor.class)
  static class Blocking {
    @Bean
    RestClientCustomizer dtmRestClientCustomizer(TransactionHeadersInterceptor interceptor) {
      return builder -> builder.requestInterceptor(interceptor);
    }

    @Bean
    RestTemplateCustomizer dtmRestTemplateCustomizer(TransactionHeadersInterceptor interceptor) {
      return template -> template.getInterceptors().add(interceptor);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({WebClientCustomizer.class, WebClient.class})
  @ConditionalOnBean(TransactionHeadersFilter.class)
  static class Reactive {
    @Bean
    WebClientCustomizer dtmWebClientCustomizer(TransactionHeadersFilter filter) {
      return builder -> builder.filter(filter);
    }
  }
}
