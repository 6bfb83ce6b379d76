package io.dtm.cache;

import java.util.List;
import java.util.Map;

/** Gets the values of several keys at once from where they are kept for good. */
@FunctionalInterface
public interface BatchLoader<V> {
  /**
   * The values as they are now, by key. A key that is left out has none, which the cache remembers
   * as well.
   *
   * @param keys those that the cache does not have, in the order of the call
   * @throws Exception any; the whole fetch fails with {@link CacheLoadFailed}
   */
  Map<String, V> load(List<String> keys) throws Exception;
}
