package io.dtm.xa;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.AccountDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/java/xa-participants.md}. */
class XaDocsTest {
  private final AccountDatabase database = AccountDatabase.onPostgreSql();
  private final List<String> manager = new ArrayList<>();

  @BeforeEach
  void layOut() throws SQLException {
    database.layOut(SqlDialect.POSTGRESQL.createScript());
  }

  @Test
  void theExamplesDoWhatTheySay() throws SQLException {
    var dataSource = PostgreSqlXaTest.dataSource();

    // page: begin
    var sessions = XaConnections.of(dataSource); // the driver's own XADataSource
    var participant = XaParticipant.of(sessions, BarrierTable.of(SqlDialect.POSTGRESQL));
    // page: end

    assertThat(answer(participant, query("action"))).isEqualTo(200);
    assertThat(manager).containsExactly("registered");
    assertThat(answer(participant, query("commit"))).isEqualTo(200);
    assertThat(database.query("SELECT balance FROM account")).containsExactly("970");
    assertThat(sweep(participant).unknown()).isEmpty();
    sessions.close();
  }

  private int answer(XaParticipant participant, Map<String, String> query) throws SQLException {
    // page: begin
    try {
      var outcome =
          participant.handle(query, connection -> add(connection, -30), () -> register(query));
      return outcome == XaOutcome.TOO_LATE ? 409 : 200;
    } catch (XaBranchBusy e) {
      return 425; // ask again
    }
    // page: end
  }

  private SweepReport sweep(XaParticipant participant) throws SQLException {
    // page: begin
    var sweeper = new XaSweeper(participant, gid -> stateOf(gid));
    var report = sweeper.sweep(); // every few minutes
    // page: end
    return report;
  }

  private void register(Map<String, String> query) {
    assertThat(query).containsKey("gid");
    manager.add("registered");
  }

  private static GlobalStates.State stateOf(String gid) {
    return gid.isEmpty() ? GlobalStates.State.UNKNOWN : GlobalStates.State.UNFINISHED;
  }

  private static Map<String, String> query(String op) {
    return Map.of("gid", "docs", "trans_type", "xa", "branch_id", "01", "op", op);
  }

  private static void add(Connection connection, long amount) throws SQLException {
    AccountDatabase.execute(connection, "UPDATE account SET balance = balance + " + amount);
  }
}
