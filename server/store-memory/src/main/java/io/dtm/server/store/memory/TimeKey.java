package io.dtm.server.store.memory;

import io.dtm.server.core.Gid;
import java.time.Instant;
import java.util.Comparator;

/** Orders an index by time: oldest first, transactions of the same instant by gid. */
record TimeKey(Instant time, Gid gid) implements Comparable<TimeKey> {
  private static final Comparator<TimeKey> ORDER =
      Comparator.comparing(TimeKey::time).thenComparing(TimeKey::gid);

  @Override
  public int compareTo(TimeKey other) {
    return ORDER.compare(this, other);
  }
}
