package io.dtm.server.store.jdbc;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionStore;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;

final class MariaDbTransactionStoreTest extends TransactionStoreContract {
  private static final String URL = TestDatabase.MARIADB.newDatabase();

  private boolean isReopened;

  @Override
  protected TransactionStore open(InstantSource clock) throws SQLException {
    if (!isReopened) {
      TestDatabase.empty(URL);
    }
    isReopened = true;
    return JdbcTransactionStore.open(TestDatabase.config(URL), clock);
  }

  @Override
  public OptionalInt tooManyBytes() {
    return OptionalInt.of(17 << 20);
  }

  @Override
  protected void makeUnreadable(List<Gid> gids) throws SQLException {
    TestDatabase.makeUnreadable(URL, gids);
  }
}
