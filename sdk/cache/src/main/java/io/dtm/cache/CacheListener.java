package io.dtm.cache;

import java.time.Duration;

/**
 * Is told what a cache does, for metrics and logs. Called on whatever thread found out, so it must
 * be quick, thread-safe, and not throw.
 */
public interface CacheListener {
  /** How a load ended. */
  enum LoadOutcome {
    /** There is a value. */
    VALUE,
    /** There is none. */
    EMPTY,
    /** The loader threw. */
    FAILED
  }

  /** The cache had the value. */
  default void hit(String key) {}

  /** An old value was given, because the new one is still being loaded. Eventual only. */
  default void stale(String key) {}

  /** A loader has ended. Of a batch, once for each key. */
  default void loaded(String key, LoadOutcome outcome, Duration took) {}

  /** A load in the background failed, of which no caller hears. The next reader tries again. */
  default void reloadFailed(String key, Throwable failure) {}

  /** A fetch has waited for somebody else's lock or load. Of a batch, once for each wait. */
  default void waited(Duration took) {}

  /** A fetch went to its loader past the cache. */
  default void bypassed(String key) {}

  /** Redis has confirmed that the key is tagged as deleted. */
  default void tagged(String key) {}

  /** Redis has not confirmed it; it is tried again until it does. */
  default void tagFailed(String key, CacheException failure) {}

  /** A value was loaded and given to the caller, but could not be kept. */
  default void notKept(String key, CacheException failure) {}
}
