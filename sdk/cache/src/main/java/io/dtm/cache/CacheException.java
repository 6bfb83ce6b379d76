package io.dtm.cache;

import org.jspecify.annotations.Nullable;

/** A cache could not do what was asked. The kinds differ in what the caller can do about it. */
public abstract sealed class CacheException extends RuntimeException
    permits CacheUnavailable, CacheKeyLocked, CacheLoadFailed {
  private static final long serialVersionUID = 1L;

  CacheException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The same with this thread's stack: that of the thread that found out helps nobody. */
  abstract CacheException here();
}
