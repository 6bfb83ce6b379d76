package io.dtm.barrier;

final class PostgreSqlBarrierTest extends ServerBarrierContract {
  PostgreSqlBarrierTest() {
    super(TestDatabase.POSTGRESQL);
  }

  @Override
  String waitingSessions() {
    return "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  }
}
