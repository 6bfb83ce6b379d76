package io.dtm.spring;

import io.dtm.client.TransactionClient;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** An application under test: its services, and what {@link TransactionBeans} gives them. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
@EnableTransactionManagement
@Import(TransactionBeans.class)
class ApplicationBeans {
  @Bean
  JdbcTemplate jdbcTemplate(DataSource dataSource) {
    return new JdbcTemplate(dataSource);
  }

  @Bean
  PlatformTransactionManager transactionManager(DataSource dataSource) {
    return new DataSourceTransactionManager(dataSource);
  }

  @Bean
  ServiceAddresses serviceAddresses(OwnAddress own) {
    return ServiceAddresses.of(Map.of("stock", own.url()))
        .or(ServiceAddresses.of(Map.of("bank", own.url() + "/")));
  }

  @Bean
  Warehouse warehouse(JdbcTemplate jdbc) {
    return new Warehouse(jdbc);
  }

  @Bean
  Purse purse() {
    return new Purse();
  }

  @Bean
  OrdinaryController ordinaryController(JdbcTemplate jdbc) {
    return new OrdinaryController(jdbc);
  }

  @Bean
  TransactionalMessages transactionalMessages(BarrierDatabase database, OwnAddress own) {
    return new TransactionalMessages(database, () -> own.url() + CheckBackEndpoint.PATH);
  }

  @Bean
  OrderService orderService(
      TransactionClient client,
      Participants participants,
      TransactionalMessages messages,
      DataSource dataSource) {
    return new OrderService(client, participants, messages, dataSource);
  }
}
