package io.dtm.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.testing.databases.RedisServer;
import io.lettuce.core.RedisClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Under a prefix whose signs mean something to Redis. */
class ReferenceRedisTest extends ReferenceStoreContract {
  private static final String PREFIX = "{a}[*]?";

  private final RedisServer server = RedisServer.start();
  private final RedisClient client = RedisClient.create(server.uri());

  @BeforeAll
  void fill() {
    new RedisRows(client.connect().sync(), PREFIX).fill();
  }

  @AfterAll
  void close() {
    client.shutdown();
    server.close();
  }

  @Override
  ReferenceUrl url() {
    return ReferenceUrl.parse(server.uri() + "/0?prefix={a}[*]%3F", "");
  }

  @Override
  List<String> oddGids() {
    return RedisRows.ODD;
  }

  @Test
  void aReferenceThatWorksLeavesAMark() {
    var redis = client.connect().sync();
    new RedisRows(redis, "{b}").fill();
    try (var store = ReferenceStores.open(ReferenceUrl.parse(server.uri() + "?prefix={b}", ""))) {
      var before = store.mark();
      redis.zadd("{b}_u", 4_000_000_000.0, "saga-half");
      assertThat(store.mark()).isNotEqualTo(before);
    }
  }

  @Test
  void aKeyOfAnotherKindConcernsOneTransaction() {
    var redis = client.connect().sync();
    redis.zadd("{d}_u", 1.0, "a");
    redis.zadd("{d}_u", 2.0, "b");
    redis.zadd("{d}_u", 3.0, "c");
    redis.rpush("{d}_g_a", "no text");
    redis.set("{d}_g_b", "{\"gid\":\"b\",\"trans_type\":\"tcc\",\"status\":\"prepared\"}");
    redis.set("{d}_b_b", "no list");
    redis.set("{d}_g_c", "{\"gid\":\"c\",\"trans_type\":\"tcc\",\"status\":\"prepared\"}");
    try (var store = ReferenceStores.open(ReferenceUrl.parse(server.uri() + "?prefix={d}", ""))) {
      assertThat(store.counts().transactions()).isEqualTo(3);
      assertThat(store.list("", 10).rows())
          .extracting(row -> row instanceof ReferenceStore.Row.Damaged)
          .containsExactly(true, true, false);
    }
  }

  @Test
  void theStatusThatTheReferenceComparesWithIsTheOneThatCounts() {
    var redis = client.connect().sync();
    redis.zadd("{c}_u", 1.0, "a");
    redis.set("{c}_g_a", "{\"gid\":\"a\",\"trans_type\":\"tcc\",\"status\":\"prepared\"}");
    redis.set("{c}_s_a", "aborting");
    try (var store = ReferenceStores.open(ReferenceUrl.parse(server.uri() + "?prefix={c}", ""))) {
      var row = (ReferenceStore.Row.Found) store.list("", 10).rows().getFirst();
      assertThat(row.transaction().status()).isEqualTo("aborting");
    }
  }

  @Test
  void aServerThatIsNotThereOrRefusesSaysSo() {
    var wrong =
        ReferenceUrl.parse("redis://nobody:secret@%s".formatted(server.uri().substring(8)), "");
    assertThatThrownBy(() -> ReferenceStores.open(wrong))
        .isInstanceOf(ReferenceUnreadable.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> ReferenceStores.open(ReferenceUrl.parse("redis://127.0.0.1:1", "")))
        .isInstanceOf(ReferenceUnreadable.class)
        .hasMessageContaining("127.0.0.1:1");
    assertThatThrownBy(() -> ReferenceStores.open(ReferenceUrl.parse("redis://h/0?prefx=a", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prefx");
  }
}
