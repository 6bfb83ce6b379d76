package io.dtm.cache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A {@link BatchLoader} that does not block. Called on a thread of the cache's executor. */
@FunctionalInterface
public interface AsyncBatchLoader<V> {
  /** As {@link BatchLoader#load}, later. */
  CompletionStage<Map<String, V>> load(List<String> keys);
}
