package io.dtm.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A cache of bytes: what the views of all types of value share. Thread-safe. */
final class CacheCore implements AutoCloseable {
  private final CacheSettings settings;
  private final Availability availability;
  private final Redis redis;
  private final Listeners listeners = new Listeners();
  private final Loads loads;
  private final Fetch fetch;
  private final BatchFetch batchFetch;
  private final PendingTags tags;
  private final Executor executor;
  private final @Nullable ExecutorService ownThreads;

  /**
   * @param ownThreads the executor, when it is to end with the cache
   */
  CacheCore(
      RedisConnections connections,
      CacheSettings settings,
      RandomGenerator random,
      Waiting waiting,
      Executor executor,
      @Nullable ExecutorService ownThreads) {
    this.settings = settings;
    this.executor = executor;
    this.ownThreads = ownThreads;
    availability = new Availability(waiting);
    redis = new Redis(connections, settings, availability);
    loads = new Loads(redis, settings, random, waiting, listeners);
    fetch = new Fetch(redis, loads, settings, () -> newOwner(random), waiting, listeners);
    batchFetch = new BatchFetch(redis, loads, settings, () -> newOwner(random), waiting, listeners);
    tags = new PendingTags(redis, waiting, listeners);
  }

  private static String newOwner(RandomGenerator random) {
    var hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  CacheSettings settings() {
    return settings;
  }

  Redis redis() {
    return redis;
  }

  PendingTags tags() {
    return tags;
  }

  /** For loaders that no caller's thread runs. */
  Executor executor() {
    return executor;
  }

  void addListener(CacheListener listener) {
    listeners.add(listener);
  }

  /** No bytes for no value. */
  CompletableFuture<byte[]> fetch(String key, Duration expiry, Source source) {
    if (!settings.use().reads()) {
      return loads.past(List.of(key), source).thenApply(of(key));
    }
    if (!availability.mayAsk()) {
      return loads.instead(List.of(key), source, notAsked()).thenApply(of(key));
    }
    return orInstead(
        fetch.fetch(key, expiry, source),
        trouble -> loads.instead(List.of(key), source, trouble).thenApply(of(key)));
  }

  private static Function<Map<String, byte[]>, byte[]> of(String key) {
    return values -> values.getOrDefault(key, new byte[0]);
  }

  /** An entry for each key, without bytes for no value. */
  CompletableFuture<Map<String, byte[]>> fetchAll(
      Set<String> keys, Duration expiry, Source source) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    if (!settings.use().reads()) {
      return loads.past(List.copyOf(keys), source);
    }
    if (!availability.mayAsk()) {
      return loads.instead(List.copyOf(keys), source, notAsked());
    }
    var call = batchFetch.begin(keys, expiry, source);
    return orInstead(
        batchFetch.run(call).thenApply(BatchFetch.Call::found),
        trouble ->
            loads
                .instead(call.open(), source, trouble)
                .thenApply(values -> {
                  call.found().putAll(values);
                  return call.found();
                }));
  }

  /** What was fetched, or when the cache made that impossible, what the loader gives. */
  private static <T> CompletableFuture<T> orInstead(
      CompletableFuture<T> fetched, Function<CacheException, CompletableFuture<T>> instead) {
    return fetched.exceptionallyCompose(failure -> {
      var cause = Failures.cause(failure);
      return cause instanceof CacheUnavailable || cause instanceof CacheKeyLocked
          ? instead.apply((CacheException) cause)
          : CompletableFuture.failedFuture(failure);
    });
  }

  private static CacheUnavailable notAsked() {
    return new CacheUnavailable(
        "Redis has not answered several times in a row; it is asked once in a while only", null);
  }

  CompletableFuture<?> tagAsDeleted(Collection<String> keys) {
    return settings.use().tags() ? tags.tag(keys) : CompletableFuture.completedFuture(keys);
  }

  @Override
  public void close() {
    tags.close();
    redis.close();
    if (ownThreads != null) {
      ownThreads.shutdown();
    }
  }
}
