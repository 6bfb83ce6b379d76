package io.dtm.server.store.memory;

import java.util.Comparator;

/** Orders settings by category and key. */
record EntryKey(String category, String key) implements Comparable<EntryKey> {
  private static final Comparator<EntryKey> ORDER =
      Comparator.comparing(EntryKey::category).thenComparing(EntryKey::key);

  @Override
  public int compareTo(EntryKey other) {
    return ORDER.compare(this, other);
  }
}
