package io.dtm.examples.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.cache.Consistency;
import io.dtm.cache.ConsistentCache;
import io.dtm.server.core.TransactionStatus;
import io.dtm.testing.databases.RedisServer;
import io.dtm.testing.embedded.EmbeddedServer;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PriceListTest {
  private static RedisServer redis;
  private static RedisClient client;

  private final EmbeddedServer manager = EmbeddedServer.start();
  private final ConsistentCache<String> cache =
      ConsistentCache.builder(client)
          .consistency(Consistency.STRONG)
          .commandTimeout(Duration.ofMillis(500))
          .build();
  private final PriceList list = PriceList.open(manager.baseUrl(), cache);

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
    client = RedisClient.create(redis.uri());
  }

  @AfterAll
  static void closeRedis() {
    client.close();
    redis.close();
  }

  @BeforeEach
  void fillTheCache() {
    list.change("tea", 100);
    manager.settle();
    assertThat(list.price("tea")).contains(100L);
  }

  @AfterEach
  void close() {
    list.close();
    cache.close();
    manager.close();
  }

  private TransactionStatus status(String gid) {
    return manager.find(gid).orElseThrow().status();
  }

  @Test
  void readersSeeAChange() {
    var gid = list.change("tea", 120);
    manager.settle();

    assertThat(list.price("tea")).contains(120L);
    assertThat(status(gid)).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void theCacheFollowsThoughTheServiceDiedAfterItsCommit() {
    var message = list.message("tea");
    message.prepare(list.checkBack());
    list.commit(message, "tea", 120);
    assertThat(list.price("tea")).contains(100L);

    manager.advance(Duration.ofMinutes(2));

    assertThat(list.price("tea")).contains(120L);
    assertThat(status(message.gid())).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void aChangeThatWasNotCommittedIsGivenUp() {
    var message = list.message("tea");
    message.prepare(list.checkBack());

    manager.advance(Duration.ofMinutes(2));

    assertThat(status(message.gid())).isEqualTo(TransactionStatus.FAILED);
    assertThat(list.price("tea")).contains(100L);
  }

  @Test
  void theManagerTriesAgainUntilRedisIsBack() {
    redis.pause();
    String gid;
    try {
      gid = list.change("tea", 120);
      manager.settle();
      assertThat(status(gid)).isEqualTo(TransactionStatus.SUBMITTED);
    } finally {
      redis.resume();
    }

    manager.advance(Duration.ofMinutes(2));

    assertThat(status(gid)).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(list.price("tea")).contains(120L);
  }
}
