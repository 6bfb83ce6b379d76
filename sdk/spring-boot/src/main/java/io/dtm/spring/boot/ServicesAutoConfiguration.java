package io.dtm.spring.boot;

import io.dtm.spring.ServiceAddresses;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Where services are: what the properties say, this application itself, and then whatever Spring
 * Cloud finds, if it is there.
 */
@AutoConfiguration(after = TransactionClientAutoConfiguration.class)
public class ServicesAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  ApplicationAddress dtmApplicationAddress(DtmProperties properties, Environment environment) {
    return new ApplicationAddress(properties, environment);
  }

  private static ServiceAddresses known(DtmProperties properties, ApplicationAddress itself) {
    return ServiceAddresses.of(properties.services())
        .or(service ->
            service.equals(itself.serviceName())
                ? Optional.of(itself.baseUrl())
                : Optional.empty());
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DiscoveryClient.class)
  static class Discovery {
    /** The client is asked for late: which registry it is of, is decided after us. */
    @Bean
    @ConditionalOnMissingBean
    ServiceAddresses serviceAddresses(
        DtmProperties properties,
        ApplicationAddress itself,
        ObjectProvider<DiscoveryClient> discovery) {
      return known(properties, itself).or(new DiscoveredServices(discovery::getIfAvailable));
    }
  }

  @Bean
  @ConditionalOnMissingBean
  ServiceAddresses serviceAddresses(DtmProperties properties, ApplicationAddress itself) {
    return known(properties, itself);
  }
}
