package io.dtm.server.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Small versioned settings that all nodes share, by category and key (the topics of messages are
 * one category). Thread-safe; throws {@link StoreUnavailable} like {@link TransactionStore}.
 */
public interface KeyValueStore {

  Optional<Entry> findEntry(String category, String key);

  /**
   * Entries of one category, or of all when {@code category} is empty, by category and key.
   *
   * @param position where the last page ended; empty for the first page
   */
  EntryPage listEntries(String category, String position, int limit);

  /**
   * Writes an entry if the stored version is still {@code expectedVersion} (0: it must not exist).
   * The new version is one higher.
   *
   * @return whether it was written; false means that somebody was faster
   */
  boolean putEntry(String category, String key, String value, long expectedVersion);

  /**
   * Deletes an entry if the stored version is still {@code expectedVersion}.
   *
   * @return whether it was deleted
   */
  boolean deleteEntry(String category, String key, long expectedVersion);

  /** One setting. Versions start at 1; times are kept to the microsecond. */
  record Entry(
      String category,
      String key,
      String value,
      long version,
      Instant createdAt,
      Instant updatedAt) {}

  /**
   * One page of entries.
   *
   * @param nextPosition where the next page starts; empty when this is the last
   */
  record EntryPage(List<Entry> entries, String nextPosition) {
    public EntryPage {
      entries = List.copyOf(entries);
    }
  }
}
