package io.dtm.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tags keys as deleted, and knows which are asked for and not confirmed. Those that failed are
 * tried again until Redis confirms them, whoever else does so too: a tag more costs one load at
 * most. Thread-safe.
 */
final class PendingTags {
  /** Keys remembered; of any more the caller hears that they failed, and that is all. */
  static final int PENDING_MAX = 10_000;

  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  /** Keys tried again at once. */
  private static final int RETRY_KEYS = 500;

  private final Redis redis;
  private final Waiting waiting;
  private final CacheListener listener;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicBoolean retryIsDue = new AtomicBoolean();
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  /** The oldest unconfirmed request for a key, and the newest. */
  private record Pending(long sinceNanos, long newest, boolean hasFailed) {}

  PendingTags(Redis redis, Waiting waiting, CacheListener listener) {
    this.redis = redis;
    this.waiting = waiting;
    this.listener = listener;
  }

  /** Completes when Redis has confirmed all of them; fails when one was not. */
  CompletableFuture<?> tag(Collection<String> keys) {
    return CompletableFuture.allOf(
        keys.stream().map(this::tag).toArray(CompletableFuture<?>[]::new));
  }

  /** How long the oldest tag has been waiting to be confirmed; zero when none does. */
  Duration oldest() {
    return pending.values().stream()
        .map(tag -> waiting.since(tag.sinceNanos()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  int count() {
    return pending.size();
  }

  void close() {
    isClosed = true;
  }

  private CompletableFuture<?> tag(String key) {
    var number = numbers.incrementAndGet();
    var now = waiting.nanoTime();
    var hasRoom = pending.size() < PENDING_MAX;
    pending.compute(
        key,
        (same, before) -> {
          if (before != null) {
            return new Pending(before.sinceNanos(), number, before.hasFailed());
          }
          return hasRoom ? new Pending(now, number, false) : null;
        });
    return redis
        .tag(key)
        .whenComplete((done, failure) -> {
          if (failure == null) {
            confirmed(key, number);
          } else {
            failed(key, Failures.cause(failure));
          }
        });
  }

  /** What was asked for later stands for a later change, which this may not cover. */
  private void confirmed(String key, long number) {
    pending.computeIfPresent(key, (same, tag) -> tag.newest() > number ? tag : null);
    listener.tagged(key);
  }

  private void failed(String key, Throwable cause) {
    pending.computeIfPresent(key, (same, tag) -> new Pending(tag.sinceNanos(), tag.newest(), true));
    if (cause instanceof CacheException e) {
      listener.tagFailed(key, e);
    }
    retryLater();
  }

  private void retryLater() {
    if (!isClosed && retryIsDue.compareAndSet(false, true)) {
      var unused = waiting.pause(RETRY_PAUSE).thenRun(this::retry);
    }
  }

  private void retry() {
    retryIsDue.set(false);
    if (isClosed) {
      return;
    }
    var failed = failed();
    if (failed.isEmpty()) {
      return;
    }
    var unused =
        tag(failed)
            .whenComplete((done, failure) -> {
              if (failure == null) {
                retry();
              }
            });
  }

  private List<String> failed() {
    var keys = new ArrayList<String>();
    for (var entry : pending.entrySet()) {
      if (entry.getValue().hasFailed() && keys.size() < RETRY_KEYS) {
        keys.add(entry.getKey());
      }
    }
    return keys;
  }
}
