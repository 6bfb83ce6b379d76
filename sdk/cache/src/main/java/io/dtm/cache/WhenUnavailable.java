package io.dtm.cache;

/**
 * What becomes of a fetch when Redis cannot be asked, or when somebody holds the key's lock for
 * longer than the fetch may wait.
 */
public enum WhenUnavailable {
  /** It fails with {@link CacheUnavailable} or {@link CacheKeyLocked}. Spares the database. */
  FAIL,

  /**
   * It asks its loader and keeps nothing, so that what it gives is as new as the database. So many
   * at a time as {@link CacheBuilder#loadsWithoutRedisMax} says; the rest fails.
   */
  LOAD
}
