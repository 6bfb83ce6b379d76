package io.dtm.cache;

import java.util.Optional;

/**
 * Gets the value of one key from where it is kept for good. Thread-safe when the cache is shared.
 */
@FunctionalInterface
public interface CacheLoader<V> {
  /**
   * The value as it is now; empty when there is none, which the cache remembers as well.
   *
   * @throws Exception any; the fetch fails with {@link CacheLoadFailed}, and the next one tries
   *     again
   */
  Optional<V> load() throws Exception;
}
