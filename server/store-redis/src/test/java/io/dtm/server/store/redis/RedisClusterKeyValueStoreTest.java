package io.dtm.server.store.redis;

import io.dtm.server.core.KeyValueStore;
import io.dtm.testing.databases.RedisCluster;
import io.dtm.testing.store.testkit.KeyValueStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class RedisClusterKeyValueStoreTest extends KeyValueStoreContract {
  private static RedisCluster cluster;

  private final String prefix = TestStores.nextPrefix();

  @BeforeAll
  static void startCluster() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void closeCluster() {
    cluster.close();
  }

  @Override
  protected KeyValueStore open(InstantSource clock) {
    return RedisTransactionStore.open(
        RedisStoreConfig.cluster(TestStores.addresses(cluster)).withPrefix(prefix), clock);
  }

  @Override
  protected void close(KeyValueStore store) {
    ((RedisTransactionStore) store).close();
  }
}
