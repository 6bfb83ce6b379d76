package io.dtm.cache;

import io.dtm.cache.Source.Where;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The fetch of many keys. What is asked of Redis for all of them is sent together and costs one
 * round trip, on a cluster one to each node; what is missing is loaded by one call. A round loads
 * all that it has locked before it waits for what others have, so two batches cannot wait for each
 * other in a circle. Thread-safe.
 */
final class BatchFetch {
  private final Redis redis;
  private final Loads loads;
  private final CacheSettings settings;
  private final Supplier<String> owners;
  private final Waiting waiting;
  private final CacheListener listener;

  BatchFetch(
      Redis redis,
      Loads loads,
      CacheSettings settings,
      Supplier<String> owners,
      Waiting waiting,
      CacheListener listener) {
    this.redis = redis;
    this.loads = loads;
    this.settings = settings;
    this.owners = owners;
    this.waiting = waiting;
    this.listener = listener;
  }

  /** One batch. Its steps come one after the other, each after the future of the one before. */
  static final class Call {
    private final Set<String> open;
    private final Duration expiry;
    private final Source source;
    private final String owner;
    private final long startNanos;
    private final Map<String, byte[]> found = new HashMap<>();

    private Call(Set<String> keys, Duration expiry, Source source, String owner, long startNanos) {
      this.open = new LinkedHashSet<>(keys);
      this.expiry = expiry;
      this.source = source;
      this.owner = owner;
      this.startNanos = startNanos;
    }

    private void found(String key, byte[] value) {
      found.put(key, value);
      open.remove(key);
    }

    private void found(Map<String, byte[]> values) {
      values.forEach(this::found);
    }

    /** What has no value yet. */
    List<String> open() {
      return List.copyOf(open);
    }

    Map<String, byte[]> found() {
      return found;
    }
  }

  Call begin(Set<String> keys, Duration expiry, Source source) {
    return new Call(keys, expiry, source, owners.get(), waiting.nanoTime());
  }

  /** Completes when nothing is open any more. */
  CompletableFuture<Call> run(Call call) {
    return readings(call.open(), redis::peek)
        .thenCompose(readings -> {
          readings.forEach((key, reading) -> {
            if (reading.isHit()) {
              listener.hit(key);
              call.found(key, reading.requiredValue());
            }
          });
          return round(call);
        });
  }

  private CompletableFuture<Call> round(Call call) {
    if (call.open.isEmpty()) {
      return CompletableFuture.completedFuture(call);
    }
    return readings(call.open(), key -> redis.claim(key, call.owner))
        .thenCompose(readings -> {
          var toLoad = settle(call, readings);
          return toLoad.isEmpty() ? waitIfOpen(call) : load(call, toLoad);
        });
  }

  /** Takes what is there, and says what is to be loaded before going on. */
  private List<String> settle(Call call, Map<String, Reading> readings) {
    var toLoad = new ArrayList<String>();
    var toReload = new ArrayList<String>();
    readings.forEach((key, reading) -> {
      switch (reading.next(settings.consistency())) {
        case GIVE -> give(call, key, reading);
        case GIVE_AND_RELOAD -> {
          toReload.add(key);
          give(call, key, reading);
        }
        case LOAD -> toLoad.add(key);
        case WAIT -> {}
      }
    });
    if (!toReload.isEmpty()) {
      loads.reload(toReload, call.owner, call.expiry, call.source);
    }
    return toLoad;
  }

  private void give(Call call, String key, Reading reading) {
    if (reading.isHit()) {
      listener.hit(key);
    } else {
      listener.stale(key);
    }
    call.found(key, reading.requiredValue());
  }

  private CompletableFuture<Call> load(Call call, List<String> keys) {
    return loads
        .load(keys, call.owner, call.expiry, call.source, Where.FOREGROUND)
        .thenCompose(values -> {
          call.found(values);
          return round(call);
        });
  }

  private CompletableFuture<Call> waitIfOpen(Call call) {
    if (call.open.isEmpty()) {
      return CompletableFuture.completedFuture(call);
    }
    var left = settings.waitMax().minus(waiting.since(call.startNanos));
    if (left.compareTo(settings.lockPause()) < 0) {
      return CompletableFuture.failedFuture(
          new CacheKeyLocked(
              "%s and %d more: still locked by somebody else after waitMax of %s"
                  .formatted(call.open.iterator().next(), call.open.size() - 1, settings.waitMax()),
              null));
    }
    var start = waiting.nanoTime();
    return waiting
        .pause(settings.lockPause())
        .thenCompose(passed -> {
          listener.waited(waiting.since(start));
          return round(call);
        });
  }

  private static CompletableFuture<Map<String, Reading>> readings(
      Collection<String> keys, Function<String, CompletableFuture<Reading>> question) {
    var asked = new LinkedHashMap<String, CompletableFuture<Reading>>();
    keys.forEach(key -> asked.put(key, question.apply(key)));
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> {
          var readings = new LinkedHashMap<String, Reading>();
          asked.forEach((key, reading) -> readings.put(key, reading.join()));
          return readings;
        });
  }
}
