package io.dtm.examples.springboot;

import io.dtm.client.Payload;
import io.dtm.spring.ServiceAddresses;
import io.dtm.workflow.Workflow;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A transfer as a function: should this process die in it, another goes on where it was. */
@Configuration(proxyBeanMethods = false)
class TransferWorkflow {
  @Bean
  Workflow<Transfer, Payload> transfer(ServiceAddresses services) {
    return Workflow.of(
        "transfer",
        Transfer.class,
        (workflow, transfer) -> {
          var bank = services.baseUrl("bank").orElseThrow() + "/bank";
          workflow
              .branch("debit")
              .onRollback(bank + "/debit/compensate", transfer)
              .call(bank + "/debit/action", transfer);
          workflow.call("credit", bank + "/credit/action", transfer);
        });
  }
}
