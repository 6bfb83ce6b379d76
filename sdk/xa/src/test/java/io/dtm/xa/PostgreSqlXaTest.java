package io.dtm.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.AccountDatabase;
import java.sql.SQLException;
import javax.sql.XADataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;

final class PostgreSqlXaTest extends XaContract {
  PostgreSqlXaTest() {
    super(AccountDatabase.onPostgreSql(), SqlDialect.POSTGRESQL, dataSource());
  }

  static XADataSource dataSource() {
    var dataSource = new PGXADataSource();
    dataSource.setUrl(AccountDatabase.onPostgreSql().url());
    return dataSource;
  }

  @Override
  String[] prepareAsGo(String xid) {
    return new String[] {
      "BEGIN", "UPDATE account SET balance = balance - 7", "PREPARE TRANSACTION '%s'".formatted(xid)
    };
  }

  @Override
  String rollBackAsGo(String xid) {
    return "ROLLBACK PREPARED '%s'".formatted(xid);
  }

  /** PostgreSQL rolls a failed transaction back when it is to be prepared, and says no error. */
  @Test
  void workThatHidesAFailedStatementIsNotTakenForPrepared() throws SQLException {
    try (var sessions = XaConnections.of(dataSource())) {
      var participant = XaParticipant.of(sessions, BarrierTable.of(SqlDialect.POSTGRESQL));

      assertThatThrownBy(() ->
              participant.prepare(
                  new XaBranch("g", "01"),
                  connection -> {
                    try (var statement = connection.createStatement()) {
                      statement.execute("SELECT * FROM nowhere");
                    } catch (SQLException hidden) {
                      assertThat(hidden.getSQLState()).isEqualTo("42P01");
                    }
                  },
                  () -> {}))
          .isInstanceOf(SQLException.class);

      assertThat(participant.prepared(10)).isEmpty();
    }
  }
}
