package io.dtm.server.store.redis;

import io.dtm.server.core.GlobalTransaction;
import java.util.List;

/**
 * How many transactions to read at a time, so that memory stays bounded whatever they carry: few at
 * first, then as many as have room if they are like those before. Not thread-safe.
 */
final class Bite {
  /** A scan or page ends early when what it has found carries more. */
  private static final long BYTES_MAX = 16L << 20;

  private static final int FIRST = 16;
  private static final int MAX = 512;

  private long bytes;
  private int count;

  boolean hasRoom() {
    return bytes < BYTES_MAX;
  }

  int size(int wanted) {
    long room = count == 0 ? FIRST : (BYTES_MAX - bytes) * count / Math.max(1, bytes);
    return Math.min(wanted, Math.clamp(room, 1, MAX));
  }

  void taken(List<GlobalTransaction> transactions) {
    bytes += transactions.stream().mapToLong(GlobalTransaction::payloadBytes).sum();
    count += transactions.size();
  }
}
