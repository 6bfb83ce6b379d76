package io.dtm.cache;

import org.jspecify.annotations.Nullable;

/**
 * The loader failed; the cause says how. The key is free again, so that the next fetch may try.
 * Those who waited for this load in the same process get it as well.
 */
public final class CacheLoadFailed extends CacheException {
  private static final long serialVersionUID = 1L;

  CacheLoadFailed(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  CacheLoadFailed here() {
    return new CacheLoadFailed(getMessage(), getCause());
  }
}
