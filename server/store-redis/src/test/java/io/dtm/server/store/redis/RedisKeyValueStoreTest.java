package io.dtm.server.store.redis;

import io.dtm.server.core.KeyValueStore;
import io.dtm.testing.databases.RedisServer;
import io.dtm.testing.store.testkit.KeyValueStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class RedisKeyValueStoreTest extends KeyValueStoreContract {
  private static RedisServer server;

  private final String prefix = TestStores.nextPrefix();

  @BeforeAll
  static void startServer() {
    server = RedisServer.start();
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @Override
  protected KeyValueStore open(InstantSource clock) {
    return RedisTransactionStore.open(
        RedisStoreConfig.standalone(server.uri()).withPrefix(prefix), clock);
  }

  @Override
  protected void close(KeyValueStore store) {
    ((RedisTransactionStore) store).close();
  }
}
