package io.dtm.cache;

import static io.dtm.cache.TestRedis.EXPIRY;
import static io.dtm.cache.TestRedis.await;
import static io.dtm.cache.TestRedis.newKey;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The published Go library and this one on one cache. */
class GoSharedCacheIT {
  private static GoCache go;
  private static ConsistentCache<String> eventual;
  private static ConsistentCache<String> strong;
  private static ExecutorService threads;

  private final String key = newKey() + "-go";
  private final String other = newKey() + "-go";

  @BeforeAll
  static void start() throws Exception {
    var server = TestRedis.server();
    go = GoCache.start(server.host() + ":" + server.port());
    var pause = Duration.ofMillis(10);
    eventual = TestRedis.cache().lockPause(pause).build();
    strong = TestRedis.cache().lockPause(pause).consistency(Consistency.STRONG).build();
    threads = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void close() throws Exception {
    threads.shutdownNow();
    eventual.close();
    strong.close();
    go.close();
  }

  private static GoCache.Reply goFetches(String key, boolean isStrong, String loaded) {
    return go.run("fetch", List.of(key), Map.of("strong", isStrong, "value", loaded));
  }

  @Test
  void javaReadsWhatGoWrote() {
    assertThat(goFetches(key, false, "grüße").loaded()).isTrue();

    assertThat(eventual.fetch(key, EXPIRY, Loading.of("never"))).contains("grüße");
    assertThat(strong.fetch(key, EXPIRY, Loading.of("never"))).contains("grüße");
  }

  @Test
  void goReadsWhatJavaWrote() {
    eventual.fetch(key, EXPIRY, Loading.of("grüße"));

    var reply = goFetches(key, true, "never");

    assertThat(reply.values()).containsExactly("grüße");
    assertThat(reply.loaded()).isFalse();
    assertThat(reply.error()).isEmpty();
  }

  @Test
  void thatThereIsNoValueIsKnownToBoth() {
    goFetches(key, false, "");
    eventual.fetch(other, EXPIRY, Optional::empty);

    assertThat(eventual.fetch(key, EXPIRY, Loading.of("never"))).isEmpty();
    assertThat(goFetches(other, false, "never").values()).containsExactly("");
  }

  @Test
  void javaSeesWhatGoTagged() {
    strong.fetchAll(List.of(key, other), EXPIRY, keys -> Map.of(key, "old", other, "old"));

    go.run("tag", List.of(key, other), Map.of());

    assertThat(eventual.fetch(key, EXPIRY, Loading.of("new"))).contains("old");
    await(() -> eventual.peek(key).equals(Optional.of("new")));
    assertThat(strong.fetch(other, EXPIRY, Loading.of("new"))).contains("new");
  }

  @Test
  void goSeesWhatJavaTagged() {
    go.run("fetchAll", List.of(key, other), Map.of("value", "old"));

    strong.tagAsDeleted(key, other);

    assertThat(goFetches(key, false, "new").values()).containsExactly("old");
    await(() -> eventual.peek(key).equals(Optional.of("new")));
    assertThat(goFetches(other, true, "new").values()).containsExactly("new");
  }

  @Test
  void whatGoLoadsIsInVainOnceJavaTaggedIt() {
    var load =
        go.begin("fetch", List.of(key), Map.of("value", "old", "millis", 300, "strong", true));
    await(() -> TestRedis.commands().hexists(key, "lockOwner"));

    strong.tagAsDeleted(key);

    assertThat(strong.fetch(key, EXPIRY, Loading.of("new"))).contains("new");
    assertThat(load.join().values()).containsExactly("old");
    assertThat(strong.peek(key)).contains("new");
  }

  @Test
  void javaWaitsForALoadOfGo() {
    var load = go.begin("fetch", List.of(key), Map.of("value", "one", "millis", 300));
    await(() -> TestRedis.commands().hexists(key, "lockOwner"));

    assertThat(eventual.fetch(key, EXPIRY, Loading.of("never"))).contains("one");
    assertThat(load.join().loaded()).isTrue();
  }

  @Test
  void goWaitsForALoadOfJava() throws Exception {
    var loader = Loading.held("one");
    var load = threads.submit(() -> strong.fetch(key, EXPIRY, loader));
    loader.awaitBegun();

    var fetch = go.begin("fetch", List.of(key), Map.of("value", "never", "strong", true));
    assertThat(fetch).isNotDone();
    loader.letGo();

    assertThat(fetch.join().values()).containsExactly("one");
    assertThat(fetch.join().loaded()).isFalse();
    assertThat(load.get(60, TimeUnit.SECONDS)).contains("one");
  }

  @Test
  void afterAFailedLoadOfGoJavaLoadsAtOnce() {
    var failed = go.run("fetch", List.of(key), Map.of("fail", true));

    assertThat(failed.error()).isEqualTo("the load failed");
    assertThat(strong.fetch(key, EXPIRY, Loading.of("one"))).contains("one");
  }

  @Test
  void javaRespectsALockOfGo() throws Exception {
    goFetches(key, true, "old");
    assertThat(go.run("lock", List.of(key), Map.of("owner", "go")).error()).isEmpty();

    assertThat(strong.lock(key, "java")).isEqualTo(new LockResult(false, "go"));
    var reader = threads.submit(() -> strong.fetch(key, EXPIRY, Loading.of("new")));
    go.run("unlock", List.of(key), Map.of("owner", "go"));

    assertThat(reader.get(60, TimeUnit.SECONDS)).contains("new");
  }

  @Test
  void goRespectsALockOfJava() {
    goFetches(key, true, "old");
    assertThat(strong.lock(key, "java").isGranted()).isTrue();

    assertThat(go.run("lock", List.of(key), Map.of("owner", "go")).error())
        .isEqualTo(key + " has been locked by java");
    var reader = go.begin("fetch", List.of(key), Map.of("value", "new", "strong", true));
    assertThat(reader).isNotDone();
    assertThat(strong.unlock(key, "java")).isTrue();

    assertThat(reader.join().values()).containsExactly("new");
  }

  @Test
  void batchesOfBothShareWhatTheyLoad() {
    go.run("fetchAll", List.of(key), Map.of("value", "go's"));

    var values = strong.fetchAll(List.of(key, other), EXPIRY, keys -> Map.of(other, "java's"));
    var reply = go.run("fetchAll", List.of(key, other), Map.of("value", "never", "strong", true));

    assertThat(values).containsExactly(Map.entry(key, "go's"), Map.entry(other, "java's"));
    assertThat(reply.values()).containsExactly("go's", "java's");
    assertThat(reply.loaded()).isFalse();
  }
}
