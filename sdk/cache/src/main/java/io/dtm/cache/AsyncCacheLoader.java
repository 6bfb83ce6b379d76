package io.dtm.cache;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A {@link CacheLoader} that does not block. Called on a thread of the cache's executor. */
@FunctionalInterface
public interface AsyncCacheLoader<V> {
  /** As {@link CacheLoader#load}, later. */
  CompletionStage<Optional<V>> load();
}
