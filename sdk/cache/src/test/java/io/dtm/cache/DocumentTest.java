package io.dtm.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.cache.micrometer.CacheMeters;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in the documents is the code that runs here, in the same order. */
class DocumentTest {
  private static final Path DOCUMENTS = Path.of("..", "..", "docs", "java");
  private static final Path SOURCE = Path.of("src/test/java/io/dtm/cache/DocumentTest.java");
  private static final Pattern IN_DOCUMENT = Pattern.compile("(?ms)^```java\\n(.*?)^```$");
  private static final Pattern IN_SOURCE =
      Pattern.compile("(?ms)^ +// document: begin\\n(.*?)^ +// document: end$");

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

  @ParameterizedTest
  @ValueSource(strings = {"cache.md", "cache-cn.md"})
  void theCodeOfTheDocumentIsTheOneThatRuns(String document) throws IOException {
    var shown =
        IN_DOCUMENT
            .matcher(Files.readString(DOCUMENTS.resolve(document)))
            .results()
            .map(block -> block.group(1))
            .toList();
    var runs =
        IN_SOURCE
            .matcher(Files.readString(SOURCE))
            .results()
            .map(block -> block.group(1).indent(-4))
            .toList();

    assertThat(shown).isEqualTo(runs);
    assertThat(runs).hasSize(5);
  }

  @Test
  void readingAndChanging() {
    TestRedis.commands().del("user:7", "user:8");
    var redis = TestRedis.server().uri();
    // document: begin
    var cache = ConsistentCache.builder(RedisClient.create(redis)).build();

    Optional<String> name = cache.fetch("user:7", Duration.ofMinutes(10), () -> users.findName(7));
    // document: end
    assertThat(name).contains("Ada");
    // document: begin
    users.rename(7, "Grace");
    cache.tagAsDeleted("user:7");
    // document: end
    // document: begin
    Map<String, String> names =
        cache.fetchAll(
            List.of("user:7", "user:8"),
            Duration.ofMinutes(10),
            missing -> users.findNames(missing));
    // document: end
    assertThat(names).containsOnlyKeys("user:7");
    cache.close();
  }

  @Test
  void lockingForAnUpdate() {
    TestRedis.commands().del("user:7");
    var cache = TestRedis.cache().consistency(Consistency.STRONG).build();
    var gid = "a-transaction";
    // document: begin
    var lock = cache.lock("user:7", gid);
    if (!lock.isGranted()) {
      throw new IllegalStateException("another update is under way: " + lock.owner());
    }
    try {
      users.rename(7, "Grace");
    } finally {
      cache.unlock("user:7", gid);
    }
    // document: end
    assertThat(cache.fetch("user:7", Duration.ofMinutes(10), () -> users.findName(7)))
        .contains("Grace");
    cache.close();
  }

  @Test
  void measuring() {
    var cache = TestRedis.cache().build();
    MeterRegistry registry = new SimpleMeterRegistry();
    // document: begin
    new CacheMeters(cache, "users").bindTo(registry);
    // document: end
    assertThat(registry.find("dtm.cache.hits").counter()).isNotNull();
    cache.close();
  }
}
