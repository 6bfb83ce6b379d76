package io.dtm.cache;

import org.jspecify.annotations.Nullable;

/**
 * Somebody else held the lock of a key for longer than a fetch may wait ({@link
 * CacheBuilder#waitMax}): a slow loader, or an update that is still under way.
 */
public final class CacheKeyLocked extends CacheException {
  private static final long serialVersionUID = 1L;

  CacheKeyLocked(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  CacheKeyLocked here() {
    return new CacheKeyLocked(getMessage(), getCause());
  }
}
