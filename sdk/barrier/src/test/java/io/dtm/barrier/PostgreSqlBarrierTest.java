package io.dtm.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.testing.databases.AccountDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class PostgreSqlBarrierTest extends ServerBarrierContract {
  PostgreSqlBarrierTest() {
    super(AccountDatabase.onPostgreSql(), SqlDialect.POSTGRESQL);
  }

  @Override
  String waitingSessions() {
    return "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  }

  /**
   * PostgreSQL answers the commit of a failed transaction with a rollback, and not with an error.
   */
  @Test
  void workThatHidesAFailedStatementIsNotTakenForDone() throws SQLException {
    var barrier = Barrier.of("g", "saga", "01", "action");

    assertThatThrownBy(() ->
            barrier.run(
                dataSource,
                connection -> {
                  add(connection, -30);
                  try (var statement = connection.createStatement()) {
                    statement.execute("SELECT * FROM nowhere");
                  } catch (SQLException hidden) {
                    assertThat(hidden.getSQLState()).isEqualTo("42P01");
                  }
                }))
        .isInstanceOf(SQLException.class)
        .hasMessageStartingWith("a statement of the work failed, and its exception was hidden");

    assertThat(database.query("SELECT gid FROM dtm_barrier.barrier")).isEmpty();
  }
}
