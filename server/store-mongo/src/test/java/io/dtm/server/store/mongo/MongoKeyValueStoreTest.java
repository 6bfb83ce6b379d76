package io.dtm.server.store.mongo;

import io.dtm.server.core.KeyValueStore;
import io.dtm.testing.store.testkit.KeyValueStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

final class MongoKeyValueStoreTest extends KeyValueStoreContract {
  private final TestServer server = TestServer.start();

  @Override
  protected KeyValueStore open(InstantSource clock) {
    return MongoTransactionStore.open(server.config(), clock);
  }

  @Override
  protected void close(KeyValueStore store) {
    ((MongoTransactionStore) store).close();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }
}
