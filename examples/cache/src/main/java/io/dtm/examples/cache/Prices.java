package io.dtm.examples.cache;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The database. Each change enters the gid of its message with the price, in the same local
 * transaction, so that it can tell later whether that was committed. A lock stands for the
 * transaction here, which is enough for memory and for nothing else. Thread-safe.
 */
final class Prices {
  private final Map<String, Long> cents = new HashMap<>();
  private final Set<String> committed = new HashSet<>();
  private final Set<String> refused = new HashSet<>();

  synchronized Optional<Long> find(String item) {
    return Optional.ofNullable(cents.get(item));
  }

  /**
   * Sets a price.
   *
   * @return false when it was said already that this message is not committed: nothing is set
   */
  synchronized boolean set(String gid, String item, long price) {
    if (refused.contains(gid)) {
      return false;
    }
    cents.put(item, price);
    committed.add(gid);
    return true;
  }

  /** Whether a message was committed; if not, it cannot be any more after this answer. */
  synchronized boolean isCommitted(String gid) {
    if (committed.contains(gid)) {
      return true;
    }
    refused.add(gid);
    return false;
  }
}
