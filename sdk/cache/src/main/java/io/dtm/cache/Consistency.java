package io.dtm.cache;

/** What a reader may see after a key was tagged as deleted. */
public enum Consistency {
  /**
   * The old value, until the new one is loaded and for no longer than the delay. Readers never wait
   * while there is any value.
   */
  EVENTUAL,

  /**
   * The new value only: a fetch that begins after the tag never gives an older one. Readers wait
   * while somebody loads.
   */
  STRONG
}
