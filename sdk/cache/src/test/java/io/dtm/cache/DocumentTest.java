package io.dtm.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.cache.micrometer.CacheMeters;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/java/cache.md}. */
class DocumentTest {
  private final Users users = new Users();

  /** A database. */
  private static final class Users {
    private final Map<Long, String> names = new ConcurrentHashMap<>(Map.of(7L, "Ada"));

    Optional<String> findName(long id) {
      return Optional.ofNullable(names.get(id));
    }

    Map<String, String> findNames(List<String> keys) {
      return keys.stream()
          .filter(key -> names.containsKey(id(key)))
          .collect(Collectors.toMap(key -> key, key -> names.get(id(key))));
    }

    private static long id(String key) {
      return Long.parseLong(key.substring(key.indexOf(':') + 1));
    }

    void rename(long id, String name) {
      names.put(id, name);
    }
  }

  @Test
  void readingAndChanging() {
    TestRedis.commands().del("user:7", "user:8");
    var redis = TestRedis.server().uri();
    // page: begin
    var cache = ConsistentCache.builder(RedisClient.create(redis)).build();

    Optional<String> name = cache.fetch("user:7", Duration.ofMinutes(10), () -> users.findName(7));
    // page: end
    assertThat(name).contains("Ada");
    // page: begin
    users.rename(7, "Grace");
    cache.tagAsDeleted("user:7");
    // page: end
    // page: begin
    Map<String, String> names =
        cache.fetchAll(
            List.of("user:7", "user:8"),
            Duration.ofMinutes(10),
            missing -> users.findNames(missing));
    // page: end
    assertThat(names).containsOnlyKeys("user:7");
    cache.close();
  }

  @Test
  void lockingForAnUpdate() {
    TestRedis.commands().del("user:7");
    var cache = TestRedis.cache().consistency(Consistency.STRONG).build();
    var gid = "a-transaction";
    // page: begin
    var lock = cache.lock("user:7", gid);
    if (!lock.isGranted()) {
      throw new IllegalStateException("another update is under way: " + lock.owner());
    }
    try {
      users.rename(7, "Grace");
    } finally {
      cache.unlock("user:7", gid);
    }
    // page: end
    assertThat(cache.fetch("user:7", Duration.ofMinutes(10), () -> users.findName(7)))
        .contains("Grace");
    cache.close();
  }

  @Test
  void measuring() {
    var cache = TestRedis.cache().build();
    MeterRegistry registry = new SimpleMeterRegistry();
    // page: begin
    new CacheMeters(cache, "users").bindTo(registry);
    // page: end
    assertThat(registry.find("dtm.cache.hits").counter()).isNotNull();
    cache.close();
  }
}
