package io.dtm.spring.boot;

import io.dtm.spring.JsonPayloads;
import io.dtm.spring.Participants;
import io.dtm.spring.ServiceAddresses;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** What calls participants by their contracts, and how payloads become JSON. */
@AutoConfiguration(after = ServicesAutoConfiguration.class)
public class ParticipantsAutoConfiguration {
  /** JSON as the application's own controllers read and write it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass(RequestMappingHandlerAdapter.class)
  static class AsControllers {
    @Bean
    @ConditionalOnMissingBean
    JsonPayloads jsonPayloads(ObjectProvider<RequestMappingHandlerAdapter> adapter) {
      return new JsonPayloads(() -> adapter.getObject().getMessageConverters());
    }
  }

  @Bean
  @ConditionalOnMissingBean
  JsonPayloads jsonPayloads() {
    return new JsonPayloads(() -> new RestTemplate().getMessageConverters());
  }

  @Bean
  @ConditionalOnMissingBean
  Participants participants(ServiceAddresses addresses, JsonPayloads payloads) {
    return new Participants(addresses, payloads);
  }
}
