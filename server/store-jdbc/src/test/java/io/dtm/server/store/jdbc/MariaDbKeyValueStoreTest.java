package io.dtm.server.store.jdbc;

import io.dtm.server.core.KeyValueStore;
import io.dtm.testing.store.testkit.KeyValueStoreContract;
import java.sql.SQLException;
import java.time.InstantSource;

final class MariaDbKeyValueStoreTest extends KeyValueStoreContract {
  private static final String URL = TestDatabase.MARIADB.newDatabase();

  private boolean isReopened;

  @Override
  protected KeyValueStore open(InstantSource clock) throws SQLException {
    if (!isReopened) {
      TestDatabase.empty(URL);
    }
    isReopened = true;
    return JdbcTransactionStore.open(TestDatabase.config(URL), clock);
  }

  @Override
  protected void close(KeyValueStore store) {
    ((JdbcTransactionStore) store).close();
  }
}
