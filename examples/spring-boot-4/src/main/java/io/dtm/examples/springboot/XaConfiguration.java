package io.dtm.examples.springboot;

import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.SqlDialect;
import io.dtm.xa.XaConnections;
import io.dtm.xa.XaParticipant;
import java.sql.SQLException;
import org.mariadb.jdbc.MariaDbDataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** XA, where there is a database that can prepare: with the profile {@code mariadb}. */
@Configuration(proxyBeanMethods = false)
@Profile("mariadb")
class XaConfiguration {
  @Bean
  XaConnections xaConnections(
      @Value("${spring.datasource.url}") String url,
      @Value("${spring.datasource.username}") String user,
      @Value("${spring.datasource.password}") String password)
      throws SQLException {
    var dataSource = new MariaDbDataSource(url);
    dataSource.setUser(user);
    dataSource.setPassword(password);
    return XaConnections.of(dataSource);
  }

  @Bean
  XaParticipant xaParticipant(XaConnections connections) {
    return XaParticipant.of(connections, BarrierTable.of(SqlDialect.MYSQL));
  }

  @Bean
  XaBank xaBank(Accounts accounts) {
    return new XaBank() {
      @Override
      public void debit(Transfer transfer) {
        accounts.take(transfer.from(), transfer.amount());
      }

      @Override
      public void credit(Transfer transfer) {
        accounts.requireOpen(transfer.to());
        accounts.give(transfer.to(), transfer.amount());
      }
    };
  }
}
