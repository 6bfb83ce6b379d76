package io.dtm.spring.boot;

import io.dtm.spring.BarrierDatabase;
import io.dtm.spring.CheckBackEndpoint;
import io.dtm.spring.TransactionalMessages;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The database of the barrier, and messages of its transactions. */
@AutoConfiguration(
    after = ServicesAutoConfiguration.class,
    afterName = {
      BootClasses.DATA_SOURCE_3,
      BootClasses.DATA_SOURCE_4,
      BootClasses.JPA_3,
      BootClasses.JPA_4,
      BootClasses.TRANSACTIONS_3,
      BootClasses.TRANSACTIONS_4
    })
@ConditionalOnClass({DataSource.class, PlatformTransactionManager.class})
public class BarrierAutoConfiguration {

  /** An application with several databases says itself which of them have barriers. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnSingleCandidate(DataSource.class)
  static class OneDatabase {
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(PlatformTransactionManager.class)
    BarrierDatabase barrierDatabase(
        DataSource dataSource,
        PlatformTransactionManager transactionManager,
        DtmProperties properties) {
      var database = BarrierDatabase.of(dataSource, transactionManager);
      var table = properties.barrier().table();
      return table == null ? database : database.table(table);
    }
  }

  @Bean
  @ConditionalOnBean(BarrierDatabase.class)
  @ConditionalOnMissingBean
  TransactionalMessages transactionalMessages(
      BarrierDatabase database, ApplicationAddress application) {
    return new TransactionalMessages(
        database, () -> application.baseUrl() + CheckBackEndpoint.PATH);
  }
}
