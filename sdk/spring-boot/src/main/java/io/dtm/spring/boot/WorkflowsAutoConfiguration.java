package io.dtm.spring.boot;

import io.dtm.client.TransactionClient;
import io.dtm.spring.WorkflowEndpoint;
import io.dtm.workflow.Workflow;
import io.dtm.workflow.Workflows;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Workflows, for applications that have beans of them, and where managers have them resumed. */
@AutoConfiguration(
    after = ServicesAutoConfiguration.class,
    afterName = {BootClasses.WEB_MVC_3, BootClasses.WEB_MVC_4})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({RequestMappingHandlerMapping.class, Workflows.class})
@ConditionalOnBean(Workflow.class)
public class WorkflowsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  Workflows workflows(
      TransactionClient client,
      ApplicationAddress application,
      ObjectProvider<Workflow<?, ?>> workflows) {
    var builder =
        Workflows.builder(client).resumeAt(() -> application.baseUrl() + WorkflowEndpoint.PATH);
    workflows.orderedStream().forEach(builder::add);
    return builder.build();
  }

  @Bean
  @ConditionalOnMissingBean
  WorkflowEndpoint workflowEndpoint(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
      Workflows workflows) {
    return new WorkflowEndpoint(mapping, workflows);
  }
}
