package io.dtm.server.branch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Has what is long of answers read by a few calls at a time: thousands of calls may run, and a
 * megabyte for each would be more than there is. The others leave theirs with the sender meanwhile.
 * Thread-safe.
 */
final class LargeAnswers {
  static final int READERS_MAX = 16;
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Semaphore turns = new Semaphore(READERS_MAX, true);
  private final Duration patience;

  /**
   * @param patience how long a call waits for its turn
   */
  LargeAnswers(Duration patience) {
    this.patience = patience;
  }

  /**
   * Up to {@code bytesMax} bytes.
   *
   * @throws IOException also when its turn has not come in time; nobody knows then what the answer
   *     would have said
   */
  byte[] read(InputStream in, int bytesMax) throws IOException {
    try {
      if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException(
            "a long answer could not be read: %d others are being read".formatted(READERS_MAX));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting to read a long answer", e);
    }
    try {
      return in.readNBytes(bytesMax);
    } finally {
      turns.release();
    }
  }
}
