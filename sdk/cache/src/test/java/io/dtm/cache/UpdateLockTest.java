package io.dtm.cache;

import static io.dtm.cache.TestRedis.EXPIRY;
import static io.dtm.cache.TestRedis.await;
import static io.dtm.cache.TestRedis.newKey;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpdateLockTest {
  private final ConsistentCache<String> cache =
      TestRedis.cache().consistency(Consistency.STRONG).lockPause(Duration.ofMillis(5)).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String key = newKey();

  @AfterEach
  void close() {
    threads.shutdownNow();
    cache.close();
  }

  @Test
  void oneUpdateAtATimeHasTheLock() {
    assertThat(cache.lock(key, "one")).isEqualTo(new LockResult(true, "one"));
    assertThat(cache.lock(key, "other")).isEqualTo(new LockResult(false, "one"));
    assertThat(cache.lock(key, "one").isGranted()).isTrue();

    assertThat(cache.unlock(key, "one")).isTrue();
    assertThat(cache.lock(key, "other").isGranted()).isTrue();
  }

  @Test
  void strongReadersWaitUntilTheUpdateIsOver() throws Exception {
    cache.fetch(key, EXPIRY, Loading.of("old"));
    cache.lock(key, "update");

    var reader = threads.submit(() -> cache.fetch(key, EXPIRY, Loading.of("new")));
    assertThat(reader.isDone()).isFalse();
    cache.unlock(key, "update");

    assertThat(reader.get(60, TimeUnit.SECONDS)).contains("new");
  }

  @Test
  void anUpdateTakesTheLockFromALoader() throws Exception {
    var loader = Loading.held("old");
    var reader = threads.submit(() -> cache.fetch(key, EXPIRY, loader));
    loader.awaitBegun();

    assertThat(cache.lock(key, "update").isGranted()).isTrue();
    loader.letGo();

    assertThat(reader.get(60, TimeUnit.SECONDS)).contains("old");
    assertThat(cache.peek(key)).isEmpty();
    assertThat(cache.unlock(key, "update")).isTrue();
  }

  @Test
  void theLockOutlivesTheValuesOwnEnd() {
    cache.put(key, "old", Duration.ofMillis(1_500));

    cache.lock(key, "update");

    assertThat(TestRedis.commands().ttl(key)).isBetween(58L, 60L);
  }

  @Test
  void theLockOfAnUpdateThatDiedEndsByItself() {
    try (var brief =
        TestRedis.cache()
            .consistency(Consistency.STRONG)
            .updateMax(Duration.ofMillis(100))
            .lockPause(Duration.ofMillis(5))
            .build()) {
      brief.fetch(key, EXPIRY, Loading.of("old"));
      brief.lock(key, "died");

      assertThat(brief.fetch(key, EXPIRY, Loading.of("new"))).contains("new");
    }
  }

  @Test
  void theEndOfAnUpdateThatLostItsLockTagsTheKey() {
    try (var brief = TestRedis.cache().updateMax(Duration.ofMillis(50)).build()) {
      brief.lock(key, "slow");
      await(() -> TestRedis.commands().exists(key) == 0);
      cache.fetch(key, EXPIRY, Loading.of("read before the slow update"));

      assertThat(brief.unlock(key, "slow")).isFalse();

      assertThat(cache.fetch(key, EXPIRY, Loading.of("new"))).contains("new");
    }
  }

  @Test
  void theEndOfAnUpdateThatLostItsLockLeavesThatOfAnother() {
    cache.lock(key, "other");

    assertThat(cache.unlock(key, "lost")).isFalse();

    assertThat(cache.lock(key, "third")).isEqualTo(new LockResult(false, "other"));
  }
}
