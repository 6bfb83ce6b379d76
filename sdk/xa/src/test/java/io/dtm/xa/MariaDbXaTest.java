package io.dtm.xa;

import static io.dtm.xa.XaOutcome.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.barrier.BarrierTable;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** In MariaDB a prepared branch belongs to the session that prepared it, until that ends. */
final class MariaDbXaTest extends XaContract {
  private static final TestDatabase DATABASE = TestDatabase.MARIADB;
  private static final XaBranch BRANCH = new XaBranch("g", "01");

  MariaDbXaTest() throws SQLException {
    super(DATABASE);
  }

  @Test
  void aBranchThatItsSessionKeepsIsNotTakenForEnded() throws SQLException {
    try (var sessions = XaConnections.of(DATABASE.xaDataSource())) {
      var participant = XaParticipant.of(sessions, BarrierTable.of(DATABASE.dialect()));
      try (var keeper = DATABASE.open()) {
        TestDatabase.execute(keeper, DATABASE.prepare("g-01"));

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
    try (var sessions = XaConnections.of(DATABASE.xaDataSource());
        var other = DATABASE.open()) {
      var participant = XaParticipant.of(sessions, BarrierTable.of(DATABASE.dialect()));
      TestDatabase.execute(other, "XA START 'g-01'");

      assertThatThrownBy(() -> participant.prepare(BRANCH, connection -> {}, () -> {}))
          .isInstanceOf(XaBranchBusy.class);
    }
  }
}
