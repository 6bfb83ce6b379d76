package io.dtm.barrier;

import io.dtm.testing.databases.AccountDatabase;

final class MariaDbBarrierTest extends ServerBarrierContract {
  MariaDbBarrierTest() {
    super(AccountDatabase.onMariaDb(), SqlDialect.MYSQL);
  }

  /**
   * From the counters: innodb_trx is a copy that asking again within 100 ms keeps from being
   * renewed.
   */
  @Override
  String waitingSessions() {
    return "SELECT variable_value FROM information_schema.global_status"
        + " WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'";
  }
}
