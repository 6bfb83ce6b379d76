package io.dtm.barrier;

import io.dtm.testing.databases.AccountDatabase;

final class PostgreSqlBarrierTest extends ServerBarrierContract {
  PostgreSqlBarrierTest() {
    super(AccountDatabase.onPostgreSql(), SqlDialect.POSTGRESQL);
  }

  @Override
  String waitingSessions() {
    return "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  }
}
