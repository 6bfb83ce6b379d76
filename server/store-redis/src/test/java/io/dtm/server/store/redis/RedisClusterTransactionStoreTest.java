package io.dtm.server.store.redis;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionStore;
import io.dtm.testing.databases.RedisCluster;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class RedisClusterTransactionStoreTest extends TransactionStoreContract {
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
  protected TransactionStore open(InstantSource clock) {
    return RedisTransactionStore.open(
        RedisStoreConfig.cluster(TestStores.addresses(cluster)).withPrefix(prefix), clock);
  }

  @Override
  protected void makeUnreadable(List<Gid> gids) {
    try (var client = RedisClusterClient.create(TestStores.addresses(cluster).getFirst());
        var connection = client.connect()) {
      TestStores.makeUnreadable(connection.sync(), prefix, gids);
    }
  }
}
