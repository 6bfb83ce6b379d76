package io.dtm.barrier;

import io.dtm.testing.databases.AccountDatabase;

final class H2BarrierTest extends BarrierContract {
  static final AccountDatabase DATABASE =
      AccountDatabase.at("jdbc:h2:mem:barrier;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000");

  H2BarrierTest() {
    super(DATABASE, SqlDialect.H2);
  }
}
