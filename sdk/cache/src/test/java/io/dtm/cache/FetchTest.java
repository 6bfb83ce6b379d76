package io.dtm.cache;

import static io.dtm.cache.TestRedis.EXPIRY;
import static io.dtm.cache.TestRedis.await;
import static io.dtm.cache.TestRedis.newKey;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchTest {
  private final ConsistentCache<String> eventual = TestRedis.cache().build();
  private final ConsistentCache<String> strong =
      TestRedis.cache().consistency(Consistency.STRONG).lockPause(Duration.ofMillis(5)).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String key = newKey();

  @AfterEach
  void close() {
    threads.shutdownNow();
    eventual.close();
    strong.close();
  }

  private Future<Optional<String>> begin(
      ConsistentCache<String> cache, CacheLoader<String> loader) {
    return threads.submit(() -> cache.fetch(key, EXPIRY, loader));
  }

  private static Optional<String> end(Future<Optional<String>> fetch) throws Exception {
    return fetch.get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void aValueIsLoadedOnceAndThenComesFromTheCache(Consistency consistency) {
    try (var cache = TestRedis.cache().consistency(consistency).build()) {
      var loader = Loading.of("one");

      assertThat(cache.fetch(key, EXPIRY, loader)).contains("one");
      assertThat(cache.fetch(key, EXPIRY, loader)).contains("one");

      assertThat(loader.calls()).isOne();
      assertThat(TestRedis.commands().hgetall(key)).hasSize(1).containsEntry("value", "one");
    }
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void aHitIsOneCommandAndOneRoundTrip(Consistency consistency) {
    try (var cache = TestRedis.cache().consistency(consistency).build()) {
      cache.fetch(key, EXPIRY, Loading.of("one"));
      TestRedis.commands().configResetstat();

      for (var i = 0; i < 100; i++) {
        cache.fetch(key, EXPIRY, Loading.of("two"));
      }

      var statistics = TestRedis.commands().info("commandstats").lines().toList();
      assertThat(statistics).anyMatch(line -> line.startsWith("cmdstat_hmget:calls=100,"));
      assertThat(statistics)
          .filteredOn(line -> line.startsWith("cmdstat_"))
          .allMatch(line ->
              line.startsWith("cmdstat_hmget:") || line.startsWith("cmdstat_config|resetstat:"));
    }
  }

  @Test
  void aValueIsKeptForItsExpiryWithoutTheDelayAndARandomPart() {
    var millis =
        IntStream.range(0, 20)
            .mapToLong(i -> {
              var one = newKey();
              eventual.fetch(one, Duration.ofSeconds(600), Loading.of("v"));
              return TestRedis.commands().pttl(one);
            })
            .boxed()
            .toList();

    assertThat(millis).allSatisfy(left -> assertThat(left).isBetween(525_000L, 590_000L));
    assertThat(millis.stream().map(left -> left / 1_000).collect(toSet()).size()).isGreaterThan(5);
  }

  @Test
  void thatThereIsNoValueIsRememberedForAWhile() {
    var calls = new AtomicReference<>(0);
    CacheLoader<String> nothing =
        () -> {
          calls.updateAndGet(n -> n + 1);
          return Optional.empty();
        };

    assertThat(eventual.fetch(key, EXPIRY, nothing)).isEmpty();
    assertThat(eventual.fetch(key, EXPIRY, nothing)).isEmpty();

    assertThat(calls).hasValue(1);
    assertThat(TestRedis.commands().pttl(key)).isBetween(50_000L, 60_000L);
  }

  @Test
  void withoutAnEmptyExpiryItIsNotRememberedThatThereIsNoValue() {
    try (var cache = TestRedis.cache().emptyExpiry(Duration.ZERO).build()) {
      assertThat(cache.fetch(key, EXPIRY, Optional::empty)).isEmpty();

      assertThat(TestRedis.commands().exists(key)).isZero();
      assertThat(cache.fetch(key, EXPIRY, Loading.of("one"))).contains("one");
    }
  }

  @Test
  void anEventualReaderGetsTheOldValueWhileTheNewOneIsLoaded() throws Exception {
    eventual.fetch(key, EXPIRY, Loading.of("old"));
    eventual.tagAsDeleted(key);
    var loader = Loading.held("new");

    assertThat(eventual.fetch(key, EXPIRY, loader)).contains("old");
    loader.awaitBegun();
    assertThat(eventual.fetch(key, EXPIRY, Loading.of("never"))).contains("old");
    loader.letGo();

    await(() -> eventual.peek(key).equals(Optional.of("new")));
    assertThat(eventual.fetch(key, EXPIRY, Loading.of("never"))).contains("new");
    assertThat(loader.calls()).isOne();
  }

  @Test
  void anOldValueLivesOnForTheDelayAtMostHoweverOftenItIsTaggedOrItsLoadFails() throws Exception {
    try (var cache = TestRedis.cache().delay(Duration.ofMillis(300)).build()) {
      cache.fetch(key, EXPIRY, Loading.of("old"));
      cache.tagAsDeleted(key);

      await(() -> {
        cache.tagAsDeleted(key);
        var gone = new AtomicReference<>(false);
        try {
          var unused =
              cache.fetch(
                  key,
                  EXPIRY,
                  () -> {
                    throw new IllegalStateException("database away");
                  });
        } catch (CacheLoadFailed e) {
          gone.set(true);
        }
        return gone.get();
      });

      assertThat(cache.peek(key)).isEmpty();
    }
  }

  @Test
  void aStrongReaderWaitsForTheNewValue() throws Exception {
    strong.fetch(key, EXPIRY, Loading.of("old"));
    strong.tagAsDeleted(key);
    var loader = Loading.held("new");

    var first = begin(strong, loader);
    loader.awaitBegun();
    var second = begin(strong, Loading.of("never"));
    assertThat(second.isDone()).isFalse();
    loader.letGo();

    assertThat(end(first)).contains("new");
    assertThat(end(second)).contains("new");
  }

  @Test
  void aStrongReaderNeverTakesOverALoadThatBeganBeforeItAsked() throws Exception {
    var before = Loading.held("before the change");
    var early = begin(strong, before);
    before.awaitBegun();
    strong.tagAsDeleted(key);

    var late = begin(strong, Loading.of("after the change"));
    before.letGo();

    assertThat(end(early)).contains("before the change");
    assertThat(end(late)).contains("after the change");
    assertThat(strong.peek(key)).contains("after the change");
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void whatWasLoadedBeforeATagIsNotKeptAfterIt(Consistency consistency) throws Exception {
    try (var cache = TestRedis.cache().consistency(consistency).build()) {
      var loader = Loading.held("old");
      var fetch = begin(cache, loader);
      loader.awaitBegun();

      cache.tagAsDeleted(key);
      loader.letGo();

      assertThat(end(fetch)).contains("old");
      assertThat(cache.peek(key)).isEmpty();
      assertThat(cache.fetch(key, EXPIRY, Loading.of("new"))).contains("new");
    }
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void manyReadersInOneProcessCauseOneLoad(Consistency consistency) throws Exception {
    try (var cache = TestRedis.cache().consistency(consistency).build()) {
      var loader = Loading.held("one");
      var fetches = new ArrayList<Future<Optional<String>>>();
      for (var i = 0; i < 50; i++) {
        fetches.add(begin(cache, loader));
      }

      loader.awaitBegun();
      loader.letGo();

      for (var fetch : fetches) {
        assertThat(end(fetch)).contains("one");
      }
      assertThat(loader.calls()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void manyProcessesCauseOneLoad(Consistency consistency) throws Exception {
    var builder = TestRedis.cache().consistency(consistency).lockPause(Duration.ofMillis(5));
    try (var here = builder.build();
        var there = builder.build()) {
      var loader = Loading.held("one");
      var first = begin(here, loader);
      loader.awaitBegun();
      var second = begin(there, loader);

      loader.letGo();

      assertThat(end(first)).contains("one");
      assertThat(end(second)).contains("one");
      assertThat(loader.calls()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void afterAFailedLoadTheNextReaderLoadsAtOnce(Consistency consistency) {
    try (var cache =
        TestRedis.cache().consistency(consistency).lockPause(Duration.ofSeconds(20)).build()) {
      assertThatThrownBy(() ->
              cache.fetch(
                  key,
                  EXPIRY,
                  () -> {
                    throw new java.io.IOException("disk full");
                  }))
          .isInstanceOf(CacheLoadFailed.class)
          .hasMessageContaining(key)
          .hasRootCauseMessage("disk full");

      assertThat(cache.fetch(key, EXPIRY, Loading.of("one"))).contains("one");
    }
  }

  @Test
  void aFailedReloadIsToldToTheListenerOnly() {
    var failures = new AtomicReference<Throwable>();
    eventual.addListener(
        new CacheListener() {
          @Override
          public void reloadFailed(String failed, Throwable failure) {
            failures.set(failure);
          }
        });
    eventual.fetch(key, EXPIRY, Loading.of("old"));
    eventual.tagAsDeleted(key);

    var value =
        eventual.fetch(
            key,
            EXPIRY,
            () -> {
              throw new IllegalStateException("database away");
            });

    assertThat(value).contains("old");
    await(() -> failures.get() != null);
    assertThat(failures.get()).hasRootCauseMessage("database away");
  }

  @Test
  void aLockThatNobodyGivesBackEndsByItself() throws Exception {
    var builder =
        TestRedis.cache().lockExpiry(Duration.ofSeconds(1)).lockPause(Duration.ofMillis(20));
    try (var slow = builder.build();
        var other = builder.build()) {
      var hanging = Loading.held("late");
      var first = begin(slow, hanging);
      hanging.awaitBegun();

      assertThat(other.fetch(key, EXPIRY, Loading.of("in time"))).contains("in time");
      hanging.letGo();

      assertThat(end(first)).contains("late");
      assertThat(other.peek(key)).contains("in time");
    }
  }

  @Test
  void anAbandonedLockDoesNotStayForEver() throws Exception {
    var hanging = Loading.held("late");
    var fetch = begin(eventual, hanging);
    hanging.awaitBegun();

    assertThat(TestRedis.commands().ttl(key)).isBetween(3_590L, 3_600L);

    hanging.letGo();
    assertThat(end(fetch)).contains("late");
  }

  @Test
  void aReaderWaitsForOthersSoLongAndNoLonger() throws Exception {
    var loader = Loading.held("one");
    var first = begin(eventual, loader);
    loader.awaitBegun();

    try (var other = TestRedis.cache().waitMax(Duration.ofMillis(150)).build()) {
      assertThatThrownBy(() -> other.fetch(key, EXPIRY, Loading.of("two")))
          .isInstanceOf(CacheKeyLocked.class)
          .hasMessageContaining(key)
          .hasMessageContaining("PT0.15S");
    }
    loader.letGo();
    assertThat(end(first)).contains("one");
  }

  @Test
  void anInterruptedReaderHoldsUpNobody() throws Exception {
    var elsewhere = Loading.held("one");
    var lockHolder = begin(eventual, elsewhere);
    elsewhere.awaitBegun();
    try (var cache = TestRedis.cache().lockPause(Duration.ofMillis(5)).build()) {
      var failure = new AtomicReference<Throwable>();
      var reader =
          new Thread(() -> {
            try {
              var unused = cache.fetch(key, EXPIRY, Loading.of("never"));
            } catch (CacheUnavailable e) {
              failure.set(e);
            }
          });
      reader.start();
      await(() -> reader.getState() == Thread.State.WAITING);
      reader.interrupt();
      reader.join(20_000);

      assertThat(failure.get()).hasMessageContaining("interrupted");
      var joiner = begin(cache, Loading.of("two"));
      strong.tagAsDeleted(key);

      assertThat(end(joiner)).contains("two");
    }
    elsewhere.letGo();
    assertThat(end(lockHolder)).contains("one");
  }

  @Test
  void theLoaderOfABlockingFetchRunsOnTheCallersThread() {
    var ran = new AtomicReference<Thread>();

    eventual.fetch(
        key,
        EXPIRY,
        () -> {
          ran.set(Thread.currentThread());
          return Optional.of("one");
        });

    assertThat(ran).hasValue(Thread.currentThread());
  }

  @Test
  void aFetchNeedNotBlock() {
    var loaded = new CompletableFuture<Optional<String>>();

    var fetch = eventual.fetchAsync(key, EXPIRY, () -> loaded);
    assertThat(fetch).isNotDone();
    loaded.complete(Optional.of("one"));

    assertThat(fetch.join()).contains("one");
    assertThat(eventual.fetchAsync(key, EXPIRY, () -> loaded).join()).contains("one");
  }

  @Test
  void aFetchThatDoesNotBlockFailsAsItsLoaderDoes() {
    var fetch =
        eventual.fetchAsync(
            key,
            EXPIRY,
            () -> CompletableFuture.failedFuture(new IllegalStateException("database away")));

    assertThatThrownBy(fetch::join)
        .hasCauseInstanceOf(CacheLoadFailed.class)
        .hasRootCauseMessage("database away");
    assertThat(eventual.fetch(key, EXPIRY, Loading.of("one"))).contains("one");
  }

  @Test
  void valuesOfAnotherTypeShareTheCache() {
    var numbers =
        eventual.withCodec(
            new ValueCodec<Long>() {
              @Override
              public byte[] encode(Long value) {
                return Long.toString(value).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
              }

              @Override
              public Long decode(byte[] bytes) {
                return Long.valueOf(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII));
              }
            });

    assertThat(numbers.fetch(key, EXPIRY, () -> Optional.of(42L))).contains(42L);

    assertThat(eventual.peek(key)).contains("42");
  }

  @Test
  void aValueCanBePutWhoeverHasTheLock() {
    eventual.put(key, "one", Duration.ofSeconds(100));

    assertThat(eventual.fetch(key, EXPIRY, Loading.of("two"))).contains("one");
    assertThat(TestRedis.commands().ttl(key)).isBetween(98L, 100L);
  }

  @Test
  void aCacheThatIsNotInUseAsksTheLoaderAndNotRedis() {
    try (var tags = TestRedis.cache().use(CacheUse.TAGS_ONLY).build();
        var nothing = TestRedis.cache().use(CacheUse.NOTHING).build()) {
      eventual.fetch(key, EXPIRY, Loading.of("old"));

      assertThat(tags.fetch(key, EXPIRY, Loading.of("new"))).contains("new");
      assertThat(nothing.fetch(key, EXPIRY, Loading.of("new"))).contains("new");
      nothing.tagAsDeleted(key);
      assertThat(TestRedis.commands().hexists(key, "lockUntil")).isFalse();
      tags.tagAsDeleted(key);
      assertThat(TestRedis.commands().hget(key, "lockUntil")).isEqualTo("0");
    }
  }

  @Test
  void aServerThatForgotTheScriptsIsTaughtThemAgain() {
    eventual.fetch(key, EXPIRY, Loading.of("one"));
    TestRedis.commands().scriptFlush();

    eventual.tagAsDeleted(key);
    TestRedis.commands().del(key);

    assertThat(eventual.fetch(key, EXPIRY, Loading.of("two"))).contains("two");
  }

  @Test
  void aKeyThatSomebodyUsesForSomethingElseIsSaidInWords() {
    TestRedis.commands().set(key, "text");

    assertThatThrownBy(() -> eventual.fetch(key, EXPIRY, Loading.of("one")))
        .isInstanceOf(CacheUnavailable.class)
        .hasMessageContaining(key)
        .hasMessageContaining("WRONGTYPE");
  }

  @Test
  void anExpiryThatTheDelayUsesUpIsRefused() {
    assertThatThrownBy(() -> eventual.fetch(key, Duration.ofSeconds(10), Loading.of("one")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expiry: PT10S (expected: more than the delay of PT10S");
  }

  @ParameterizedTest
  @ValueSource(strings = {""})
  void anEmptyKeyIsRefused(String empty) {
    assertThatThrownBy(() -> eventual.fetch(empty, EXPIRY, Loading.of("one")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key: ''");
    assertThatThrownBy(() -> eventual.tagAsDeleted("a", empty))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
