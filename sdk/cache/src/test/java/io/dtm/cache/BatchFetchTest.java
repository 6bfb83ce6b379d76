package io.dtm.cache;

import static io.dtm.cache.TestRedis.EXPIRY;
import static io.dtm.cache.TestRedis.await;
import static io.dtm.cache.TestRedis.newKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchFetchTest {
  private final String a = newKey();
  private final String b = newKey();
  private final String c = newKey();
  private final List<List<String>> loads = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private static ConsistentCache<String> open(Consistency consistency) {
    return TestRedis.cache().consistency(consistency).lockPause(Duration.ofMillis(5)).build();
  }

  private BatchLoader<String> loader(String suffix) {
    return keys -> {
      loads.add(keys);
      return keys.stream().collect(Collectors.toMap(key -> key, key -> key + suffix));
    };
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void whatIsMissingIsLoadedByOneCallAndThenComesFromTheCache(Consistency consistency) {
    try (var cache = open(consistency)) {
      cache.fetch(b, EXPIRY, Loading.of("there"));

      var first = cache.fetchAll(List.of(a, b, c, a), EXPIRY, loader("!"));
      var second = cache.fetchAll(List.of(c, b, a), EXPIRY, loader("?"));

      assertThat(first)
          .containsExactly(Map.entry(a, a + "!"), Map.entry(b, "there"), Map.entry(c, c + "!"));
      assertThat(second).isEqualTo(first);
      assertThat(loads).containsExactly(List.of(a, c));
    }
  }

  @Test
  void aKeyThatTheLoaderLeavesOutHasNoValueAndThatIsRemembered() {
    try (var cache = open(Consistency.EVENTUAL)) {
      BatchLoader<String> onlyA =
          keys -> {
            loads.add(keys);
            return Map.of(a, "one");
          };

      assertThat(cache.fetchAll(List.of(a, b), EXPIRY, onlyA)).containsExactly(Map.entry(a, "one"));
      assertThat(cache.fetchAll(List.of(a, b), EXPIRY, onlyA)).containsExactly(Map.entry(a, "one"));

      assertThat(loads).hasSize(1);
      assertThat(cache.fetch(b, EXPIRY, Loading.of("never"))).isEmpty();
    }
  }

  @Test
  void eventualReadersGetTheOldValuesOfTaggedKeysAtOnce() {
    try (var cache = open(Consistency.EVENTUAL)) {
      cache.fetchAll(List.of(a, b), EXPIRY, loader(" old"));
      cache.tagAsDeleted(a, b);

      var values = cache.fetchAll(List.of(a, b, c), EXPIRY, loader(" new"));

      assertThat(values)
          .containsEntry(a, a + " old")
          .containsEntry(b, b + " old")
          .containsEntry(c, c + " new");
      await(() ->
          cache.peek(a).equals(Optional.of(a + " new"))
              && cache.peek(b).equals(Optional.of(b + " new")));
      assertThat(loads).contains(List.of(a, b), List.of(c));
    }
  }

  @Test
  void strongReadersGetTheNewValuesOfTaggedKeys() {
    try (var cache = open(Consistency.STRONG)) {
      cache.fetchAll(List.of(a, b, c), EXPIRY, loader(" old"));
      cache.tagAsDeleted(List.of(a, b));

      var values = cache.fetchAll(List.of(a, b, c), EXPIRY, loader(" new"));

      assertThat(values)
          .containsEntry(a, a + " new")
          .containsEntry(b, b + " new")
          .containsEntry(c, c + " old");
    }
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void batchesThatOverlapLoadEachKeyOnce(Consistency consistency) throws Exception {
    try (var here = open(consistency);
        var there = open(consistency)) {
      var keys = IntStream.range(0, 40).mapToObj(i -> newKey()).toList();
      var backwards = keys.stream().sorted((x, y) -> keys.indexOf(y) - keys.indexOf(x)).toList();

      var one = threads.submit(() -> here.fetchAll(keys, EXPIRY, loader("")));
      var other = threads.submit(() -> there.fetchAll(backwards, EXPIRY, loader("")));

      assertThat(one.get(60, TimeUnit.SECONDS)).hasSize(40);
      assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo(one.get());
      assertThat(loads.stream().flatMap(List::stream).toList())
          .containsExactlyInAnyOrderElementsOf(keys);
    }
  }

  @Test
  void whatOthersHaveLockedIsWaitedFor() throws Exception {
    try (var here = open(Consistency.EVENTUAL);
        var there = open(Consistency.EVENTUAL)) {
      var held = Loading.held("from elsewhere");
      var elsewhere = threads.submit(() -> there.fetch(b, EXPIRY, held));
      held.awaitBegun();

      var batch = threads.submit(() -> here.fetchAll(List.of(a, b), EXPIRY, loader("!")));
      await(() -> loads.size() == 1);
      held.letGo();

      assertThat(batch.get(60, TimeUnit.SECONDS))
          .containsEntry(a, a + "!")
          .containsEntry(b, "from elsewhere");
      assertThat(loads).containsExactly(List.of(a));
      assertThat(elsewhere.get(60, TimeUnit.SECONDS)).contains("from elsewhere");
    }
  }

  @Test
  void aKeyWhoseLockWasLostKeepsNoOtherFromBeingKept() {
    try (var cache = open(Consistency.EVENTUAL)) {
      cache.fetchAll(
          List.of(a, b, c),
          EXPIRY,
          keys -> {
            cache.tagAsDeleted(a);
            return Map.of(a, "old", b, "two", c, "three");
          });

      assertThat(cache.peek(a)).isEmpty();
      assertThat(cache.peek(b)).contains("two");
      assertThat(cache.peek(c)).contains("three");
    }
  }

  @Test
  void afterAFailedLoadAllItsKeysAreFree() {
    try (var cache = TestRedis.cache().lockPause(Duration.ofSeconds(20)).build()) {
      assertThatThrownBy(() ->
              cache.fetchAll(
                  List.of(a, b),
                  EXPIRY,
                  keys -> {
                    throw new IllegalStateException("database away");
                  }))
          .isInstanceOf(CacheLoadFailed.class)
          .hasMessageContaining(a + " and 1 more")
          .hasRootCauseMessage("database away");

      assertThat(cache.fetchAll(List.of(a, b), EXPIRY, loader("!"))).hasSize(2);
    }
  }

  @Test
  void aBatchOfHitsIsOneCommandForEachKeySentTogether() {
    try (var cache = open(Consistency.STRONG)) {
      var keys = IntStream.range(0, 500).mapToObj(i -> newKey()).toList();
      cache.fetchAll(keys, EXPIRY, loader(""));
      TestRedis.commands().configResetstat();

      assertThat(cache.fetchAll(keys, EXPIRY, loader("never"))).hasSize(500);

      assertThat(TestRedis.commands().info("commandstats"))
          .contains("cmdstat_hmget:calls=500,")
          .doesNotContain("evalsha");
    }
  }

  @Test
  void aBatchNeedNotBlock() {
    try (var cache = open(Consistency.EVENTUAL)) {
      var loaded = new CompletableFuture<Map<String, String>>();

      var fetch = cache.fetchAllAsync(List.of(a, b), EXPIRY, keys -> loaded);
      assertThat(fetch).isNotDone();
      loaded.complete(Map.of(a, "one"));

      assertThat(fetch.join()).containsExactly(Map.entry(a, "one"));
    }
  }

  @Test
  void noKeysAreNoWork() {
    try (var cache = open(Consistency.EVENTUAL)) {
      assertThat(cache.fetchAll(List.of(), EXPIRY, loader("!"))).isEmpty();
      cache.tagAsDeleted(List.of());

      assertThat(loads).isEmpty();
    }
  }

  @Test
  void tooManyKeysAreRefused() {
    try (var cache = open(Consistency.EVENTUAL)) {
      var keys = IntStream.rangeClosed(0, ConsistentCache.KEYS_MAX).mapToObj(i -> "k" + i).toList();

      assertThatThrownBy(() -> cache.fetchAll(keys, EXPIRY, loader("!")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("keys: 10001 (expected: at most 10000)");
    }
  }
}
