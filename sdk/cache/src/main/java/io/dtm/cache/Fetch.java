package io.dtm.cache;

import io.dtm.cache.Source.Where;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The fetch of one key. In one process one fetch at a time goes beyond a look at the cache; between
 * processes the lock in Redis sees to it. Thread-safe.
 */
final class Fetch {
  /*
   * Why a strong reader never sees an older value than that of the last tag before its fetch: a hit
   * is a value without a lock, and a tag leaves a lock that has ended. What was loaded before the
   * tag cannot come in after it, for the tag takes the owner away and only the owner stores. And
   * what another thread of this process loads is waited for but never taken over, because that load
   * may have begun before this fetch; the waiter looks again instead.
   *
   * Why an eventual reader never sees one that was tagged longer than the delay ago: from the tag on
   * the old value has that long to live, which nothing prolongs.
   */
  private final Redis redis;
  private final Loads loads;
  private final CacheSettings settings;
  private final Supplier<String> owners;
  private final Waiting waiting;
  private final CacheListener listener;
  private final Map<String, Flight> flights = new ConcurrentHashMap<>();

  Fetch(
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

  /** The one fetch of a key in this process that goes beyond a look. */
  private record Flight(CompletableFuture<byte[]> value, long startNanos) {}

  /** What one fetch is about. */
  private record Call(String key, Duration expiry, Source source, long startNanos) {}

  /** No bytes for no value. */
  CompletableFuture<byte[]> fetch(String key, Duration expiry, Source source) {
    return attempt(new Call(key, expiry, source, waiting.nanoTime()));
  }

  private CompletableFuture<byte[]> attempt(Call call) {
    return redis
        .peek(call.key())
        .thenCompose(reading -> reading.isHit() ? hit(call, reading) : beyond(call, reading));
  }

  private CompletableFuture<byte[]> hit(Call call, Reading reading) {
    listener.hit(call.key());
    return CompletableFuture.completedFuture(reading.requiredValue());
  }

  private CompletableFuture<byte[]> stale(Call call, Reading reading) {
    listener.stale(call.key());
    return CompletableFuture.completedFuture(reading.requiredValue());
  }

  private CompletableFuture<byte[]> beyond(Call call, Reading reading) {
    var flight = new Flight(new CompletableFuture<>(), waiting.nanoTime());
    var other = flights.putIfAbsent(call.key(), flight);
    if (other != null) {
      return reading.suffices(settings.consistency()) ? stale(call, reading) : join(call, other);
    }
    return claim(call, owners.get())
        .whenComplete((value, failure) -> {
          flights.remove(call.key(), flight);
          if (failure == null) {
            flight.value().complete(value);
          } else {
            flight.value().completeExceptionally(Failures.cause(failure));
          }
        });
  }

  /** Somebody in this process is at it. */
  private CompletableFuture<byte[]> join(Call call, Flight other) {
    var start = waiting.nanoTime();
    CompletableFuture<Optional<byte[]>> theirs =
        other
            .value()
            .copy()
            .orTimeout(Math.max(1, left(call).toNanos()), TimeUnit.NANOSECONDS)
            .handle((value, failure) -> {
              listener.waited(waiting.since(start));
              return failure == null
                  ? Optional.of(value).filter(loaded -> isNewEnough(other))
                  : withoutTheirs(call, Failures.cause(failure));
            });
    return theirs.thenCompose(
        value -> value.map(CompletableFuture::completedFuture).orElseGet(() -> attempt(call)));
  }

  private Optional<byte[]> withoutTheirs(Call call, Throwable cause) {
    // Their wait or their wish has ended, not this one's.
    if (cause instanceof CallerGone || cause instanceof CacheKeyLocked) {
      return Optional.empty();
    }
    throw cause instanceof TimeoutException ? locked(call) : new CompletionException(cause);
  }

  /** An eventual reader may see what was tagged since the load began, for as long as the delay. */
  private boolean isNewEnough(Flight flight) {
    return settings.consistency() == Consistency.EVENTUAL
        && waiting.since(flight.startNanos()).compareTo(settings.delay()) < 0;
  }

  private CompletableFuture<byte[]> claim(Call call, String owner) {
    return redis
        .claim(call.key(), owner)
        .thenCompose(reading ->
            switch (reading.next(settings.consistency())) {
              case GIVE -> reading.isHit() ? hit(call, reading) : stale(call, reading);
              case GIVE_AND_RELOAD -> {
                loads.reload(List.of(call.key()), owner, call.expiry(), call.source());
                yield stale(call, reading);
              }
              case LOAD -> load(call, owner);
              case WAIT -> waitAndClaim(call, owner);
            });
  }

  private CompletableFuture<byte[]> load(Call call, String owner) {
    return loads
        .load(List.of(call.key()), owner, call.expiry(), call.source(), Where.FOREGROUND)
        .thenApply(values -> values.getOrDefault(call.key(), new byte[0]));
  }

  /** Somebody elsewhere has the lock. */
  private CompletableFuture<byte[]> waitAndClaim(Call call, String owner) {
    if (left(call).compareTo(settings.lockPause()) < 0) {
      return CompletableFuture.failedFuture(locked(call));
    }
    var start = waiting.nanoTime();
    return waiting
        .pause(settings.lockPause())
        .thenCompose(passed -> {
          listener.waited(waiting.since(start));
          return claim(call, owner);
        });
  }

  private Duration left(Call call) {
    return settings.waitMax().minus(waiting.since(call.startNanos()));
  }

  private CacheKeyLocked locked(Call call) {
    return new CacheKeyLocked(
        "%s: still locked by somebody else after waitMax of %s"
            .formatted(call.key(), settings.waitMax()),
        null);
  }
}
