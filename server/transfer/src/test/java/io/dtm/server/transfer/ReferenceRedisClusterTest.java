package io.dtm.server.transfer;

import io.dtm.testing.databases.RedisCluster;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Under a prefix that spreads the keys over all nodes, which is the harder case. */
class ReferenceRedisClusterTest extends ReferenceStoreContract {
  private final RedisCluster cluster = RedisCluster.start();
  private final RedisClusterClient client =
      RedisClusterClient.create(
          cluster.nodes().stream().map(node -> RedisURI.create("redis://" + node)).toList());

  @BeforeAll
  void fill() {
    new RedisRows(client.connect().sync(), "a").fill();
  }

  @AfterAll
  void close() {
    client.shutdown();
    cluster.close();
  }

  @Override
  ReferenceUrl url() {
    return ReferenceUrl.parse(
        "redis://%s?prefix=a".formatted(String.join(",", cluster.nodes())), "");
  }

  @Override
  List<String> oddGids() {
    return RedisRows.ODD;
  }
}
