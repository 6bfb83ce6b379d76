package io.dtm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.barrier.BarrierTable;
import io.dtm.client.BranchRefused;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.sdk.testing.CallPattern;
import io.dtm.sdk.testing.Fault;
import io.dtm.sdk.testing.TransactionServer;
import io.dtm.sdk.testing.WithTransactionServer;
import io.dtm.xa.XaConnections;
import io.dtm.xa.XaParticipant;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/** XA transactions whose work finds its connection through Spring. */
@WithTransactionServer
class MariaDbXaTest {
  private static final Order TWO = new Order("umbrella", 2);

  private final TestDatabase database = TestDatabase.MARIADB;
  private final TestApplication application;
  private final OrderService orders;

  MariaDbXaTest(TransactionClient client) {
    application = TestApplication.start(database, client, ApplicationBeans.class, XaBeans.class);
    orders = application.bean(OrderService.class);
  }

  @BeforeEach
  void beginAnew(TransactionServer server) {
    server.clearFaults();
  }

  @AfterEach
  void close() {
    application.close();
  }

  @Test
  void aBranchIsPreparedAndCommitted(TransactionServer server) {
    var seen = new int[1];

    var result = orders.charge(TWO, () -> seen[0] = database.left());

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(seen[0]).as("before the commit").isEqualTo(10);
    assertThat(database.left()).isEqualTo(8);
    server.assertThat(result.gid()).hasSucceeded().wasCalled("01 commit");
  }

  @Test
  void aBranchIsPreparedAndRolledBack(TransactionServer server) {
    var result =
        orders.charge(
            TWO,
            () -> {
              throw new BranchRefused("changed my mind");
            });

    assertThat(result).isInstanceOf(RolledBack.class);
    assertThat(database.left()).isEqualTo(10);
    server.assertThat(result.gid()).wasRolledBack().wasCalled("01 rollback");
  }

  @Test
  void aCommitMayComeTwice(TransactionServer server) {
    server.inject(Fault.REPLY_LOST, CallPattern.any().operation("commit").number(1));

    var gid = orders.charge(TWO, () -> {}).gid();
    server.advance(Duration.ofSeconds(20));

    server.assertThat(gid).hasSucceeded().wasCalled("01 commit", "01 commit");
    assertThat(database.left()).isEqualTo(8);
  }

  static class XaBeans {
    @Bean
    XaConnections xaConnections() throws SQLException {
      return XaConnections.of(new MariaDbDataSource(TestDatabase.MARIADB.url()));
    }

    @Bean
    XaTransactions xaTransactions(
        XaConnections sessions, TransactionClient client, DataSource dataSource) {
      var table = BarrierTable.of(TestDatabase.MARIADB.dialect());
      return new XaTransactions(XaParticipant.of(sessions, table), client, dataSource);
    }

    @Bean
    BookkeepersLedger ledger(JdbcTemplate jdbc) {
      return new BookkeepersLedger(jdbc);
    }
  }
}
