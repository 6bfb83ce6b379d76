package io.dtm.server.branch;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets only so many calls run at once for each destination, so that one that hangs does not take
 * the threads, connections and memory of all. Thread-safe.
 */
public final class DestinationLimits {
  public static final int CALLS_MAX_DEFAULT = 256;
  public static final int REMEMBERED_MAX_DEFAULT = 10_000;

  private final int callsMax;
  private final int rememberedMax;
  private final Map<Destination, Limit> limits = new ConcurrentHashMap<>();

  /**
   * @param callsMax calls that may run at once for one destination
   * @param rememberedMax destinations that are remembered though nobody calls them
   */
  public DestinationLimits(int callsMax, int rememberedMax) {
    if (callsMax < 1) {
      throw new IllegalArgumentException("callsMax: %d (expected: >= 1)".formatted(callsMax));
    }
    if (rememberedMax < 1) {
      throw new IllegalArgumentException(
          "rememberedMax: %d (expected: >= 1)".formatted(rememberedMax));
    }
    this.callsMax = callsMax;
    this.rememberedMax = rememberedMax;
  }

  /** One destination's places; kept while anybody has or awaits one. */
  private static final class Limit {
    final Semaphore places;

    /** Calls that run or wait. Changed only inside the map's atomic operations. */
    int users;

    Limit(int callsMax) {
      places = new Semaphore(callsMax, true);
    }
  }

  /** The right to make one call, until it is closed. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for a place, in the order of asking.
   *
   * @return empty when none came free within {@code patience}
   */
  Optional<Place> take(Destination destination, Duration patience) throws InterruptedException {
    var limit = enter(destination);
    boolean taken = false;
    try {
      taken = limit.places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!taken) {
        leave(destination);
      }
    }
    return taken ? Optional.of(() -> giveBack(destination, limit)) : Optional.empty();
  }

  int callsMax() {
    return callsMax;
  }

  int remembered() {
    return limits.size();
  }

  private void giveBack(Destination destination, Limit limit) {
    limit.places.release();
    leave(destination);
  }

  private Limit enter(Destination destination) {
    if (limits.size() >= rememberedMax && !limits.containsKey(destination)) {
      forgetIdle();
    }
    return limits.compute(
        destination,
        (key, known) -> {
          var limit = known == null ? new Limit(callsMax) : known;
          limit.users++;
          return limit;
        });
  }

  private void leave(Destination destination) {
    limits.computeIfPresent(
        destination,
        (key, limit) -> {
          limit.users--;
          return limit;
        });
  }

  /**
   * All of them at once, so that the work is spread over as many new destinations as are forgotten.
   */
  private void forgetIdle() {
    limits
        .keySet()
        .forEach(destination ->
            limits.computeIfPresent(destination, (key, limit) -> limit.users == 0 ? null : limit));
  }
}
