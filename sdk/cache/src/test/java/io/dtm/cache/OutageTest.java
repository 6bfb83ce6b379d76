package io.dtm.cache;

import static io.dtm.cache.TestRedis.EXPIRY;
import static io.dtm.cache.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.cache.micrometer.CacheMeters;
import io.dtm.testing.databases.RedisCluster;
import io.dtm.testing.databases.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis that ends, stops answering, has replicas, or is a cluster. */
class OutageTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private static RedisServer server;
  private static RedisClient client;

  @BeforeAll
  static void start() {
    // A replica that follows at once, not five seconds later.
    server = RedisServer.start(List.of("--repl-diskless-sync-delay", "0"));
    client = RedisClient.create(server.uri());
  }

  @AfterAll
  static void close() {
    client.close();
    server.close();
  }

  private static CacheBuilder cache() {
    return ConsistentCache.builder(client).commandTimeout(TIMEOUT);
  }

  @Test
  void whileRedisDoesNotAnswerAFetchFailsInTimeAndLaterAtOnce() {
    try (var cache = cache().build()) {
      server.pause();
      try {
        for (var i = 0; i < 5; i++) {
          assertThatThrownBy(() -> cache.fetch("slow", EXPIRY, Loading.of("one")))
              .isInstanceOf(CacheUnavailable.class)
              .hasMessage("slow: no answer from Redis within PT0.5S");
        }

        assertThatThrownBy(() -> cache.fetch("slow", EXPIRY, Loading.of("one")))
            .isInstanceOf(CacheUnavailable.class)
            .hasMessageContaining("several times in a row");
      } finally {
        server.resume();
      }
      awaitBack(cache);
    }
  }

  @Test
  void aCacheThatMayLoadsWithoutRedisAndComesBackToIt() {
    try (var cache = cache().whenUnavailable(WhenUnavailable.LOAD).build()) {
      server.stop();
      var loader = Loading.of("from the database");

      assertThat(cache.fetch("away", EXPIRY, loader)).contains("from the database");
      assertThat(cache.fetchAll(List.of("x", "y"), EXPIRY, keys -> Map.of("x", "1")))
          .containsExactly(Map.entry("x", "1"));
      assertThat(cache.fetch("away", EXPIRY, loader)).contains("from the database");
      assertThat(loader.calls()).isEqualTo(2);
      server.startAgain();

      awaitBack(cache);
    }
  }

  /** Until a value was kept, and found. */
  private static void awaitBack(ConsistentCache<String> cache) {
    await(() -> {
      try {
        var unused = cache.fetch("back", EXPIRY, Loading.of("kept"));
        return cache.peek("back").isPresent();
      } catch (CacheUnavailable e) {
        return false;
      }
    });
  }

  @Test
  void soManyLoadsWithoutRedisAtATimeAndNoMore() throws Exception {
    var threads = Executors.newCachedThreadPool();
    var slow = Loading.held("one");
    try (var cache =
        cache().whenUnavailable(WhenUnavailable.LOAD).loadsWithoutRedisMax(1).build()) {
      server.pause();
      var first = threads.submit(() -> cache.fetch("a", EXPIRY, slow));
      slow.awaitBegun();

      assertThatThrownBy(() -> cache.fetch("b", EXPIRY, Loading.of("two")))
          .isInstanceOf(CacheUnavailable.class)
          .hasMessageContaining("1 loads without Redis are under way");
      slow.letGo();
      assertThat(first.get(60, TimeUnit.SECONDS)).contains("one");
      assertThat(cache.fetch("b", EXPIRY, Loading.of("two"))).contains("two");
    } finally {
      server.resume();
      threads.shutdownNow();
    }
  }

  @Test
  void aTagThatRedisDidNotConfirmFailsAndIsTriedAgainUntilItDoes() {
    var meters = new SimpleMeterRegistry();
    try (var cache = cache().build()) {
      new CacheMeters(cache, "prices").bindTo(meters);
      awaitBack(cache);
      var oldest = meters.get("dtm.cache.oldest.pending.tag").tag("cache", "prices").timeGauge();
      assertThat(oldest.value(TimeUnit.MILLISECONDS)).isZero();

      server.pause();
      try {
        assertThatThrownBy(() -> cache.tagAsDeleted("back", "other"))
            .isInstanceOf(CacheUnavailable.class);
        assertThat(cache.pendingTags()).isEqualTo(2);
        assertThat(cache.oldestPendingTag()).isGreaterThanOrEqualTo(TIMEOUT.minusMillis(1));
        assertThat(oldest.value(TimeUnit.MILLISECONDS)).isGreaterThanOrEqualTo(499);
      } finally {
        server.resume();
      }

      await(() -> cache.pendingTags() == 0);
      assertThat(cache.oldestPendingTag()).isZero();
      assertThat(oldest.value(TimeUnit.MILLISECONDS)).isZero();
      assertThat(meters.get("dtm.cache.tag.failures").counter().count()).isGreaterThanOrEqualTo(2);
      assertThat(meters.get("dtm.cache.tags").counter().count()).isGreaterThanOrEqualTo(2);
      assertThat(cache.fetch("back", EXPIRY, Loading.of("new"))).contains("kept");
      await(() -> cache.peek("back").equals(java.util.Optional.of("new")));
    }
  }

  @Test
  void metersCountHitsLoadsAndWaits() throws Exception {
    var meters = new SimpleMeterRegistry();
    try (var cache = cache().build()) {
      new CacheMeters(cache, "counted").bindTo(meters);

      cache.fetch("counted", EXPIRY, Loading.of("one"));
      cache.fetch("counted", EXPIRY, Loading.of("one"));
      cache.fetch("counted-empty", EXPIRY, java.util.Optional::empty);
      assertThatThrownBy(() ->
              cache.fetch(
                  "counted-failed",
                  EXPIRY,
                  () -> {
                    throw new TimeoutException();
                  }))
          .isInstanceOf(CacheLoadFailed.class);

      assertThat(meters.get("dtm.cache.hits").tag("cache", "counted").counter().count()).isOne();
      for (var outcome : List.of("value", "empty", "failed")) {
        assertThat(meters.get("dtm.cache.loads").tag("outcome", outcome).timer().count()).isOne();
      }
      assertThat(meters.get("dtm.cache.waits").timer().count()).isZero();
    }
  }

  @Test
  void anUnreachableRedisIsSaidAsTheCacheIsBuilt() {
    var nobody = RedisClient.create("redis://127.0.0.1:9");
    try (nobody) {
      assertThatThrownBy(() -> ConsistentCache.builder(nobody).build())
          .isInstanceOf(CacheUnavailable.class)
          .hasMessageContaining("Redis cannot be reached");
    }
  }

  @Test
  void aTagThatReplicasMustHaveFailsWithoutThem() {
    try (var replica = RedisServer.start();
        var toReplica = RedisClient.create(replica.uri());
        var connection = toReplica.connect();
        var cache = cache().waitForReplicas(1, Duration.ofMillis(100)).build()) {
      connection.sync().replicaof(server.host(), server.port());
      await(() -> connection.sync().info("replication").contains("master_link_status:up"));

      await(() -> {
        try {
          cache.tagAsDeleted("replicated");
          return true;
        } catch (CacheUnavailable e) {
          return false;
        }
      });
      assertThat(connection.sync().hget("replicated", "lockUntil")).isEqualTo("0");

      replica.pause();
      try {
        assertThatThrownBy(() -> cache.tagAsDeleted("alone"))
            .isInstanceOf(CacheUnavailable.class)
            .hasMessageContaining("0 replicas have that (expected: 1 within PT0.1S)");
      } finally {
        replica.resume();
      }
    }
  }

  @Test
  void keysMayBeSpreadOverACluster() {
    try (var cluster = RedisCluster.start();
        var redis =
            RedisClusterClient.create(
                cluster.nodes().stream().map(node -> RedisURI.create("redis://" + node)).toList());
        var cache = ConsistentCache.builder(redis).build();
        var confirmed =
            ConsistentCache.builder(redis).waitForReplicas(1, Duration.ofMillis(50)).build()) {
      var keys = IntStream.range(0, 50).mapToObj(i -> "spread-" + i).toList();

      var values =
          cache.fetchAll(
              keys,
              EXPIRY,
              missing -> missing.stream().collect(Collectors.toMap(key -> key, key -> key + "!")));
      assertThat(values).hasSize(50);
      cache.tagAsDeleted(keys);
      assertThat(cache.fetchAll(keys, EXPIRY, missing -> Map.of())).isEqualTo(values);
      await(() -> keys.stream().allMatch(key -> cache.peek(key).isEmpty()));
      assertThat(cache.fetchAll(keys, EXPIRY, missing -> values)).isEmpty();

      assertThatThrownBy(() -> confirmed.tagAsDeleted("spread-1", "spread-2"))
          .isInstanceOf(CacheUnavailable.class)
          .hasMessageContaining("0 replicas have that (expected: 1");
    }
  }
}
