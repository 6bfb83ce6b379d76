package io.dtm.spring.boot;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Meters, for applications that have a registry. */
@AutoConfiguration(
    before = TransactionClientAutoConfiguration.class,
    afterName = {BootClasses.METERS_3, BootClasses.METERS_4})
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
public class MetersAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  TransactionMeters transactionMeters(MeterRegistry registry) {
    return new TransactionMeters(registry);
  }

  @Bean
  @ConditionalOnMissingBean
  BarrierMeters barrierMeters(MeterRegistry registry) {
    return new BarrierMeters(registry);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass(Filter.class)
  static class Servlet {
    /** Around all filters but the first ones: what it measures is what the manager is told. */
    @Bean
    @ConditionalOnMissingBean(name = "branchMetersFilter")
    FilterRegistrationBean<BranchMetersFilter> branchMetersFilter(MeterRegistry registry) {
      var registration = new FilterRegistrationBean<>(new BranchMetersFilter(registry));
      registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
      return registration;
    }
  }
}
