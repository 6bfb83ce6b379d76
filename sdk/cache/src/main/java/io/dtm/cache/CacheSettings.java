package io.dtm.cache;

import java.time.Duration;

/** The options of a cache; {@link CacheBuilder} says what each means. */
record CacheSettings(
    Consistency consistency,
    CacheUse use,
    Duration delay,
    Duration emptyExpiry,
    Duration lockExpiry,
    Duration lockPause,
    Duration waitMax,
    Duration updateMax,
    double expiryJitter,
    ReplicaWait replicaWait,
    Duration commandTimeout,
    Bypass bypass) {
  private static final Duration EXPIRY_LEAST = Duration.ofMillis(1);

  /** How many replicas have to confirm a tag; 0 for none. */
  record ReplicaWait(int count, Duration timeout) {}

  /** Whether fetches go past the cache when they have to, and how many at a time. */
  record Bypass(WhenUnavailable when, int loadsMax) {}

  static CacheSettings defaults() {
    return new CacheSettings(
        Consistency.EVENTUAL,
        CacheUse.ALL,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(3),
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        0.1,
        new ReplicaWait(0, Duration.ofSeconds(3)),
        Duration.ofSeconds(1),
        new Bypass(WhenUnavailable.FAIL, 64));
  }

  /**
   * How long a value is kept for which somebody asked that expiry: the delay is taken off, since a
   * tag may add it again, and a random part of it, so that what was loaded together does not end
   * together.
   *
   * @param random from 0 to 1
   */
  Duration kept(Duration expiry, double random) {
    var jitter = Duration.ofNanos((long) (expiryJitter * random * expiry.toNanos()));
    return expiry.minus(delay).minus(jitter);
  }

  /** The expiry, or an exception that says what would be enough of it. */
  Duration checkedExpiry(Duration expiry) {
    Arguments.positive("expiry", expiry);
    if (kept(expiry, 1).compareTo(EXPIRY_LEAST) < 0) {
      throw new IllegalArgumentException(
          "expiry: %s (expected: more than the delay of %s, which is taken off, and a part of %s for the jitter)"
              .formatted(expiry, delay, expiryJitter));
    }
    return expiry;
  }
}
