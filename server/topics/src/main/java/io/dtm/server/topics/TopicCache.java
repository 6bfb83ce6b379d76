package io.dtm.server.topics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers for a while who has subscribed to the topics that were asked for last. Thread-safe; one
 * lock guards it, and nothing blocks while holding it.
 */
final class TopicCache {
  private final int topicsMax;
  private final Duration keptFor;
  private final InstantSource clock;
  private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long changes;

  private record Kept(List<String> urls, Instant readAt) {}

  /**
   * Proof of when a look at the store began.
   *
   * @param changes of this node up to then
   */
  record Ticket(Instant at, long changes) {}

  TopicCache(int topicsMax, Duration keptFor, InstantSource clock) {
    this.topicsMax = topicsMax;
    this.keptFor = keptFor;
    this.clock = clock;
  }

  synchronized Optional<List<String>> find(String topic) {
    return Optional.ofNullable(kept.get(topic)).filter(this::isFresh).map(Kept::urls);
  }

  /** A clock that was set back makes nothing fresh again for longer than it should be. */
  private boolean isFresh(Kept entry) {
    var now = clock.instant();
    return !now.isBefore(entry.readAt()) && now.isBefore(entry.readAt().plus(keptFor));
  }

  /** To be taken before the store is read. */
  synchronized Ticket ticket() {
    return new Ticket(clock.instant(), changes);
  }

  /**
   * Keeps what was read, unless this node has changed some topic meanwhile: then nobody knows
   * whether it was read before or after the change.
   */
  synchronized void keep(String topic, List<String> urls, Ticket ticket) {
    if (ticket.changes() != changes) {
      return;
    }
    kept.put(topic, new Kept(urls, ticket.at()));
    if (kept.size() > topicsMax) {
      var oldest = kept.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** To be called after the store was written to, whatever came of it. */
  synchronized void forget(String topic) {
    changes++;
    kept.remove(topic);
  }
}
