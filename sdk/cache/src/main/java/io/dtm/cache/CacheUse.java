package io.dtm.cache;

/** How much of a cache is in use, for those who have to do without one for a time. */
public enum CacheUse {
  /** All of it. */
  ALL,

  /** Every fetch asks the loader; keys are still tagged as deleted, for other readers. */
  TAGS_ONLY,

  /** Every fetch asks the loader, and tagging does nothing. Redis is never asked. */
  NOTHING;

  boolean reads() {
    return this == ALL;
  }

  boolean tags() {
    return this != NOTHING;
  }
}
