package io.dtm.server.store.mongo;

import io.dtm.server.core.TransactionStore;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

final class MongoTransactionStoreTest extends TransactionStoreContract {
  private final TestServer server = TestServer.start();

  @Override
  protected TransactionStore open(InstantSource clock) {
    return MongoTransactionStore.open(server.config(), clock);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }
}
