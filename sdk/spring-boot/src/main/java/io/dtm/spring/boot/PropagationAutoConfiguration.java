package io.dtm.spring.boot;

import feign.RequestInterceptor;
import io.dtm.spring.TransactionHeaders;
import io.dtm.spring.TransactionHeadersFeignInterceptor;
import io.dtm.spring.TransactionHeadersFilter;
import io.dtm.spring.TransactionHeadersInterceptor;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;

/**
 * What passes on headers of the request that a thread serves. The starters hand it to the clients
 * that Spring Boot builds; Feign takes it by itself.
 */
@AutoConfiguration(after = TransactionClientAutoConfiguration.class)
@ConditionalOnClass({ClientHttpRequestInterceptor.class, HttpServletRequest.class})
@ConditionalOnProperty(
    prefix = "dtm.propagation",
    name = "enabled",
    havingValue = "true",
    matchIfMissing = true)
public class PropagationAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  TransactionHeaders transactionHeaders(DtmProperties properties) {
    return new TransactionHeaders(properties.propagation().headers());
  }

  @Bean
  @ConditionalOnMissingBean
  TransactionHeadersInterceptor transactionHeadersInterceptor(TransactionHeaders headers) {
    return new TransactionHeadersInterceptor(headers);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ExchangeFilterFunction.class)
  static class Reactive {
    @Bean
    @ConditionalOnMissingBean
    TransactionHeadersFilter transactionHeadersFilter(TransactionHeaders headers) {
      return new TransactionHeadersFilter(headers);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RequestInterceptor.class)
  static class Feign {
    @Bean
    @ConditionalOnMissingBean
    TransactionHeadersFeignInterceptor transactionHeadersFeignInterceptor(
        TransactionHeaders headers) {
      return new TransactionHeadersFeignInterceptor(headers);
    }
  }
}
