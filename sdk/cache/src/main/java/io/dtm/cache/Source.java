package io.dtm.cache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Where the values of keys come from when the cache has none. */
@FunctionalInterface
interface Source {
  /** On whose account a load is made. */
  enum Where {
    /** A caller waits for it. */
    FOREGROUND,
    /** Callers have an old value and are gone. */
    BACKGROUND
  }

  /** No bytes, and no entry, for a key without a value. */
  CompletableFuture<Map<String, byte[]>> load(List<String> keys, Where where);
}
