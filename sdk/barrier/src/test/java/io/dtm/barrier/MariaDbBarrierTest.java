package io.dtm.barrier;

final class MariaDbBarrierTest extends ServerBarrierContract {
  MariaDbBarrierTest() {
    super(TestDatabase.MARIADB);
  }

  @Override
  String waitingSessions() {
    return "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  }
}
