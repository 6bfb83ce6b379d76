package io.dtm.cache;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * A cache in Redis in front of a database, whose readers never see an old value for longer than was
 * agreed. Reading is {@link #fetch}: the value from the cache, or from the loader, once for all who
 * ask at the same time. Whoever changes the database calls {@link #tagAsDeleted(String...)} after
 * that, best as a branch of a message, so that no crash in between leaves an old value behind.
 *
 * <pre>{@code
 * try (var cache = ConsistentCache.builder(RedisClient.create("redis://127.0.0.1:6379")).build()) {
 *   var name = cache.fetch("user:7", Duration.ofMinutes(10), () -> users.findName(7));
 * }
 * }</pre>
 *
 * <p>A fetch that finds its value costs one round trip. That a key has no value is remembered, too.
 * Values leave the cache at random times before their expiry, so that they do not all leave at
 * once. Services that share a key, in Java or in Go, may differ in all options; but who reads with
 * {@link Consistency#STRONG} can count on what is said there only if all who change the key tag it.
 *
 * <p>Futures fail with the exceptions that the blocking methods throw. What depends on a future may
 * run on a thread of Redis' client and must not block there. Thread-safe; one for each Redis is
 * enough.
 *
 * @param <V> what the values are; {@link #withCodec} gives a view with another type
 */
public final class ConsistentCache<V> implements AutoCloseable {
  /** Keys that one call may name. */
  public static final int KEYS_MAX = 10_000;

  private final CacheCore core;
  private final ValueCodec<V> codec;

  ConsistentCache(CacheCore core, ValueCodec<V> codec) {
    this.core = core;
    this.codec = codec;
  }

  /** A cache in one Redis, or in the master that sentinels know. The client stays the caller's. */
  public static CacheBuilder builder(RedisClient client) {
    requireNonNull(client, "client");
    return new CacheBuilder(waits -> RedisConnections.open(client, waits));
  }

  /** A cache in a cluster, over all of whose slots the keys may be spread. */
  public static CacheBuilder builder(RedisClusterClient client) {
    requireNonNull(client, "client");
    return new CacheBuilder(waits -> RedisConnections.open(client));
  }

  /** The same cache with values of another type. Closing one closes all. */
  public <W> ConsistentCache<W> withCodec(ValueCodec<W> other) {
    return new ConsistentCache<>(core, requireNonNull(other, "other"));
  }

  /**
   * The value of a key. The loader runs on this thread, or on one of the cache's executor when this
   * call gives an old value meanwhile.
   *
   * @param expiry how long a value is kept at most, after which it is loaded again even if nobody
   *     tagged it; must be more than the delay
   * @return empty when there is no value
   * @throws CacheLoadFailed when the loader failed
   * @throws CacheUnavailable when Redis cannot be asked
   * @throws CacheKeyLocked when somebody else held the key's lock for too long
   */
  public Optional<V> fetch(String key, Duration expiry, CacheLoader<V> loader) {
    requireNonNull(loader, "loader");
    var caller = new CallerThread();
    var value =
        core.fetch(
            Arguments.key(key),
            core.settings().checkedExpiry(expiry),
            blocking(caller, keys -> encoded(key, loader.load())));
    return decoded(await(caller, value));
  }

  /** As {@link #fetch}, without blocking. */
  public CompletableFuture<Optional<V>> fetchAsync(
      String key, Duration expiry, AsyncCacheLoader<V> loader) {
    requireNonNull(loader, "loader");
    Source source =
        (keys, where) ->
            CompletableFuture.supplyAsync(loader::load, core.executor())
                .thenCompose(value -> value)
                .thenApply(value -> encoded(key, value));
    return core.fetch(Arguments.key(key), core.settings().checkedExpiry(expiry), source)
        .thenApply(this::decoded);
  }

  /**
   * The values of many keys, each at most once, with one call of the loader for those that are
   * missing, or a few when other readers had locked some of them. Two round trips and the load at
   * most, however many keys, unless it has to wait for others.
   *
   * @param keys {@value #KEYS_MAX} at most
   * @return the values by key, in the order of the keys, without those that have none
   * @throws CacheLoadFailed when the loader failed, if only for some of the keys
   * @throws CacheUnavailable when Redis cannot be asked
   * @throws CacheKeyLocked when somebody else held a key's lock for too long
   */
  public Map<String, V> fetchAll(Collection<String> keys, Duration expiry, BatchLoader<V> loader) {
    requireNonNull(loader, "loader");
    var caller = new CallerThread();
    var distinct = Arguments.keys(keys);
    var values =
        core.fetchAll(
            distinct,
            core.settings().checkedExpiry(expiry),
            blocking(caller, missing -> encoded(loader.load(missing))));
    return decoded(distinct, await(caller, values));
  }

  /** As {@link #fetchAll}, without blocking. */
  public CompletableFuture<Map<String, V>> fetchAllAsync(
      Collection<String> keys, Duration expiry, AsyncBatchLoader<V> loader) {
    requireNonNull(loader, "loader");
    var distinct = Arguments.keys(keys);
    Source source =
        (missing, where) ->
            CompletableFuture.supplyAsync(() -> loader.load(missing), core.executor())
                .thenCompose(values -> values)
                .thenApply(this::encoded);
    return core.fetchAll(distinct, core.settings().checkedExpiry(expiry), source)
        .thenApply(values -> decoded(distinct, values));
  }

  /**
   * Says that the values of these keys have changed. Call it after the change is committed. Loads
   * under way are in vain from then on, and the next reader loads anew.
   *
   * @throws CacheUnavailable when Redis has not confirmed all of them, nor the replicas if they are
   *     waited for. The cache goes on trying as long as it is open; but do not answer a transaction
   *     manager with success, for this process may end
   */
  public void tagAsDeleted(String... keys) {
    tagAsDeleted(Arrays.asList(keys));
  }

  /** As {@link #tagAsDeleted(String...)}. */
  public void tagAsDeleted(Collection<String> keys) {
    var unused = await(new CallerThread(), tagAsDeletedAsync(keys));
  }

  /** As {@link #tagAsDeleted(String...)}, without blocking. */
  public CompletableFuture<Void> tagAsDeletedAsync(Collection<String> keys) {
    return CompletableFuture.allOf(core.tagAsDeleted(Arguments.keys(keys)));
  }

  /**
   * Locks a key before its value changes, for readers that must not see the old value even between
   * the commit and the tag: with {@link Consistency#STRONG} they wait from now on. The lock ends
   * with {@link #unlock}, or by itself after {@link CacheBuilder#updateMax}. The owner that has it
   * may lock again, and the time begins anew.
   *
   * @param owner unlike that of any other update, such as the gid of the transaction
   * @throws CacheUnavailable when Redis cannot be asked
   */
  public LockResult lock(String key, String owner) {
    return await(
        new CallerThread(),
        core.redis().lock(Arguments.key(key), Arguments.notEmpty("owner", owner)));
  }

  /**
   * Ends the lock of an update and tags the key as deleted. When the lock was lost meanwhile it
   * does that too, unless another update has locked the key, whose own end will do it.
   *
   * @return whether the lock was still the owner's; if not, readers may have seen the old value
   *     after the change
   * @throws CacheUnavailable when Redis cannot be asked
   */
  public boolean unlock(String key, String owner) {
    return await(
        new CallerThread(),
        core.redis().unlock(Arguments.key(key), Arguments.notEmpty("owner", owner)));
  }

  /** What the cache has for a key, old or not, without a loader. For looking into a cache. */
  public Optional<V> peek(String key) {
    var reading = await(new CallerThread(), core.redis().peek(Arguments.key(key)));
    var value = reading.value();
    return value == null ? Optional.empty() : decoded(value);
  }

  /** Sets the value of a key, whoever has locked it. For filling a cache before it is used. */
  public void put(String key, V value, Duration expiry) {
    requireNonNull(value, "value");
    Arguments.positive("expiry", expiry);
    var unused =
        await(
            new CallerThread(), core.redis().put(Arguments.key(key), codec.encode(value), expiry));
  }

  /**
   * How long the oldest tag of this process has been waiting for Redis to confirm it; zero when
   * none does. While it is more, readers may see a value that is older than agreed.
   */
  public Duration oldestPendingTag() {
    return core.tags().oldest();
  }

  /** How many keys wait for Redis to confirm their tags. */
  public int pendingTags() {
    return core.tags().count();
  }

  /** Has somebody told what this cache does from now on. */
  public void addListener(CacheListener listener) {
    core.addListener(requireNonNull(listener, "listener"));
  }

  /** Closes the connections; the client of Redis stays open. */
  @Override
  public void close() {
    core.close();
  }

  /** Loads on the caller's thread, or behind its back on the executor. */
  private Source blocking(CallerThread caller, BlockingLoad load) {
    return (keys, where) ->
        switch (where) {
          case FOREGROUND ->
              called(
                  () -> {
                    caller.requirePresent();
                    return load.load(keys);
                  },
                  caller);
          case BACKGROUND -> called(() -> load.load(keys), core.executor());
        };
  }

  /** Loads, encodes, and may throw whatever the user's loader throws. */
  private interface BlockingLoad {
    Map<String, byte[]> load(List<String> keys) throws Exception;
  }

  private static CompletableFuture<Map<String, byte[]>> called(
      Callable<Map<String, byte[]>> load, Executor executor) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return load.call();
          } catch (RuntimeException e) {
            throw e;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        executor);
  }

  private Map<String, byte[]> encoded(String key, Optional<V> value) {
    return value.map(present -> Map.of(key, codec.encode(present))).orElse(Map.of());
  }

  private Map<String, byte[]> encoded(Map<String, V> values) {
    var encoded = new LinkedHashMap<String, byte[]>();
    values.forEach((key, value) -> encoded.put(key, codec.encode(value)));
    return encoded;
  }

  private Optional<V> decoded(byte[] value) {
    return value.length == 0 ? Optional.empty() : Optional.of(codec.decode(value));
  }

  private Map<String, V> decoded(Collection<String> keys, Map<String, byte[]> values) {
    var decoded = new LinkedHashMap<String, V>();
    for (var key : keys) {
      decoded(values.getOrDefault(key, new byte[0])).ifPresent(value -> decoded.put(key, value));
    }
    return decoded;
  }

  private static <T> T await(CallerThread caller, CompletableFuture<T> future) {
    try {
      return caller.runUntilDone(future);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheUnavailable("interrupted while waiting for the cache", e);
    } catch (ExecutionException e) {
      var cause = Failures.cause(e);
      if (cause instanceof CacheException expected) {
        throw expected.here();
      }
      throw new IllegalStateException("not an answer and not a known trouble", cause);
    }
  }
}
