package io.dtm.spring.boot4;

import io.dtm.client.TransactionClient;
import io.dtm.spring.boot.DtmProperties;
import io.dtm.spring.boot.ManagerProbe;
import io.dtm.spring.boot.TransactionClientAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the managers, as {@code dtm}. */
@AutoConfiguration(after = TransactionClientAutoConfiguration.class)
@ConditionalOnClass({AbstractHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("dtm")
@ConditionalOnBean({TransactionClient.class, DtmProperties.class})
public class ManagerHealthAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "dtmHealthIndicator")
  ManagerHealthIndicator dtmHealthIndicator(TransactionClient client, DtmProperties properties) {
    return new ManagerHealthIndicator(new ManagerProbe(client, properties.health().timeout()));
  }
}
