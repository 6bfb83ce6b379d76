package io.dtm.xa;

import static io.dtm.xa.XaOutcome.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.AccountDatabase;
import java.sql.SQLException;
import javax.sql.XADataSource;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;

/** In MariaDB a prepared branch belongs to the session that prepared it, until that ends. */
final class MariaDbXaTest extends XaContract {
  private static final AccountDatabase DATABASE = AccountDatabase.onMariaDb();
  private static final XaBranch BRANCH = new XaBranch("g", "01");

  MariaDbXaTest() throws SQLException {
    super(DATABASE, SqlDialect.MYSQL, dataSource());
  }

  private static XADataSource dataSource() throws SQLException {
    return new MariaDbDataSource(DATABASE.url());
  }

  @Override
  String[] prepareAsGo(String xid) {
    return new String[] {
      "XA START '%s'".formatted(xid),
      "UPDATE account SET balance = balance - 7",
      "XA END '%s'".formatted(xid),
      "XA PREPARE '%s'".formatted(xid)
    };
  }

  @Override
  String rollBackAsGo(String xid) {
    return "XA ROLLBACK '%s'".formatted(xid);
  }

  @Test
  void aBranchThatItsSessionKeepsIsNotTakenForEnded() throws SQLException {
    try (var sessions = XaConnections.of(dataSource())) {
      var participant = XaParticipant.of(sessions, BarrierTable.of(SqlDialect.MYSQL));
      try (var keeper = DATABASE.open()) {
        AccountDatabase.execute(keeper, prepareAsGo("g-01"));

        assertThatThrownBy(() -> participant.commit(BRANCH)).isInstanceOf(XaBranchBusy.class);
        assertThatThrownBy(() -> participant.rollback(BRANCH))
            .isInstanceOf(XaBranchBusy.class)
            .hasMessage(
                "xa g, branch 01: in use by another session (expected: to be let go in a moment)");
      }

      assertThat(untilLetGo(() -> participant.commit(BRANCH))).isEqualTo(COMMITTED);
    }
  }

  @Test
  void aBranchThatIsAtWorkIsNotBegunASecondTime() throws SQLException {
    try (var sessions = XaConnections.of(dataSource());
        var other = DATABASE.open()) {
      var participant = XaParticipant.of(sessions, BarrierTable.of(SqlDialect.MYSQL));
      AccountDatabase.execute(other, "XA START 'g-01'");

      assertThatThrownBy(() -> participant.prepare(BRANCH, connection -> {}, () -> {}))
          .isInstanceOf(XaBranchBusy.class);
    }
  }
}
