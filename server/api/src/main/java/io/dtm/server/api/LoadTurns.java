package io.dtm.server.api;

import io.dtm.server.core.ByteBudget;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Has what is asked for loaded by a few at a time: how large it is shows only when it is in memory,
 * and only then can room be asked for. Thread-safe.
 */
final class LoadTurns {
  /** What one load may take before its size is known. */
  private static final long LOAD_BYTES = 8 * 1024 * 1024;

  private static final int LOADS_MIN = 4;
  private static final int LOADS_MAX = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Semaphore turns;

  /**
   * @param bytesMax of all requests and answers together
   */
  LoadTurns(long bytesMax) {
    turns = new Semaphore(Math.clamp(bytesMax / LOAD_BYTES, LOADS_MIN, LOADS_MAX), true);
  }

  /**
   * Loads something when its turn has come.
   *
   * @param size how much room it and an answer made of it will need
   * @throws NoRoom when there is none
   */
  <T> T load(ByteBudget.Share share, Supplier<T> store, ToLongFunction<T> size) {
    try {
      if (!turns.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new NoRoom();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoRoom();
    }
    try {
      var loaded = store.get();
      if (!share.hold(size.applyAsLong(loaded))) {
        throw new NoRoom();
      }
      return loaded;
    } finally {
      turns.release();
    }
  }
}
