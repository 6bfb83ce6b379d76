package io.dtm.cache;

import org.jspecify.annotations.Nullable;

/**
 * Redis was not reached, did not answer in time, or answered with an error; or the thread was
 * interrupted while it waited. Whether the command took effect is not known. All of them are safe
 * to give again. After a failed {@link ConsistentCache#tagAsDeleted(String...)} a service must not
 * answer its transaction manager with success.
 */
public final class CacheUnavailable extends CacheException {
  private static final long serialVersionUID = 1L;

  CacheUnavailable(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  CacheUnavailable here() {
    return new CacheUnavailable(getMessage(), getCause());
  }
}
