package io.dtm.cache;

import static java.util.stream.Collectors.toMap;

import io.dtm.cache.CacheListener.LoadOutcome;
import io.dtm.cache.Source.Where;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Loads what the cache does not have, and keeps it there. Thread-safe. */
final class Loads {
  private static final byte[] NO_VALUE = {};

  private final Redis redis;
  private final CacheSettings settings;
  private final RandomGenerator random;
  private final Waiting waiting;
  private final CacheListener listener;
  private final AtomicInteger withoutRedis = new AtomicInteger();

  Loads(
      Redis redis,
      CacheSettings settings,
      RandomGenerator random,
      Waiting waiting,
      CacheListener listener) {
    this.redis = redis;
    this.settings = settings;
    this.random = random;
    this.waiting = waiting;
    this.listener = listener;
  }

  /**
   * Loads keys whose locks the owner has, keeps what came, and gives it, no bytes for no value.
   * When it cannot be kept the caller gets it all the same: it is as new as any.
   */
  CompletableFuture<Map<String, byte[]>> load(
      List<String> keys, String owner, Duration expiry, Source source, Where where) {
    return loaded(keys, source, where)
        .exceptionallyCompose(failure -> released(keys, owner, Failures.cause(failure)))
        .thenCompose(values -> kept(values, owner, expiry));
  }

  /** As {@link #load}, while those who asked have an old value and are gone. */
  void reload(List<String> keys, String owner, Duration expiry, Source source) {
    var unused =
        load(keys, owner, expiry, source, Where.BACKGROUND)
            .exceptionally(failure -> {
              keys.forEach(key -> listener.reloadFailed(key, Failures.cause(failure)));
              return Map.of();
            });
  }

  /** Loads and keeps nothing, because that is how the cache is set. */
  CompletableFuture<Map<String, byte[]>> past(List<String> keys, Source source) {
    keys.forEach(listener::bypassed);
    return loaded(keys, source, Where.FOREGROUND)
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(loadFailed(keys, Failures.cause(failure))));
  }

  /** Loads and keeps nothing, because the cache cannot be asked. */
  CompletableFuture<Map<String, byte[]>> instead(
      List<String> keys, Source source, CacheException trouble) {
    if (settings.bypass().when() == WhenUnavailable.FAIL) {
      return CompletableFuture.failedFuture(trouble);
    }
    var max = settings.bypass().loadsMax();
    if (withoutRedis.incrementAndGet() > max) {
      withoutRedis.decrementAndGet();
      return CompletableFuture.failedFuture(
          new CacheUnavailable(
              "%s; and %d loads without Redis are under way (expected: fewer than loadsWithoutRedisMax)"
                  .formatted(trouble.getMessage(), max),
              trouble));
    }
    return past(keys, source).whenComplete((values, failure) -> withoutRedis.decrementAndGet());
  }

  private CompletableFuture<Map<String, byte[]>> loaded(
      List<String> keys, Source source, Where where) {
    var start = waiting.nanoTime();
    return started(keys, source, where)
        .thenApply(values ->
            keys.stream().collect(toMap(key -> key, key -> values.getOrDefault(key, NO_VALUE))))
        .whenComplete((values, failure) -> {
          var took = waiting.since(start);
          keys.forEach(key -> listener.loaded(key, outcome(values, key), took));
        });
  }

  private static CompletableFuture<Map<String, byte[]>> started(
      List<String> keys, Source source, Where where) {
    try {
      return source.load(keys, where);
    } catch (RuntimeException e) {
      // Of an executor that is full, or whose owner throws something of his own.
      return CompletableFuture.failedFuture(e);
    }
  }

  private static LoadOutcome outcome(@Nullable Map<String, byte[]> values, String key) {
    if (values == null) {
      return LoadOutcome.FAILED;
    }
    return values.getOrDefault(key, NO_VALUE).length == 0 ? LoadOutcome.EMPTY : LoadOutcome.VALUE;
  }

  private CompletableFuture<Map<String, byte[]>> kept(
      Map<String, byte[]> values, String owner, Duration expiry) {
    var all =
        values.entrySet().stream()
            .map(entry ->
                keep(entry.getKey(), owner, entry.getValue(), expiry)
                    .handle((reply, failure) -> {
                      if (failure != null && Failures.cause(failure) instanceof CacheException e) {
                        listener.notKept(entry.getKey(), e);
                      }
                      return reply;
                    }))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all).thenApply(done -> values);
  }

  private CompletableFuture<?> keep(String key, String owner, byte[] value, Duration expiry) {
    if (value.length > 0) {
      return redis.store(key, owner, value, settings.kept(expiry, random.nextDouble()));
    }
    return settings.emptyExpiry().isZero()
        ? redis.forget(key, owner)
        : redis.store(key, owner, value, settings.emptyExpiry());
  }

  private CompletableFuture<Map<String, byte[]>> released(
      List<String> keys, String owner, Throwable cause) {
    var all =
        keys.stream().map(key -> redis.release(key, owner)).toArray(CompletableFuture<?>[]::new);
    // When Redis does not hear of it, the lock ends by itself.
    return CompletableFuture.allOf(all)
        .handle((done, ignored) -> {
          throw loadFailed(keys, cause);
        });
  }

  private static RuntimeException loadFailed(Collection<String> keys, Throwable cause) {
    return cause instanceof CallerGone gone
        ? gone
        : new CacheLoadFailed("%s: the loader failed: %s".formatted(shown(keys), cause), cause);
  }

  private static String shown(Collection<String> keys) {
    var first = keys.iterator().next();
    return keys.size() == 1 ? first : "%s and %d more".formatted(first, keys.size() - 1);
  }
}
