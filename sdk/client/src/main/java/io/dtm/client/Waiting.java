package io.dtm.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The passing of time, so that tests need not wait for it. */
interface Waiting {
  /** Of a clock that is never set; only differences mean something. */
  long nanoTime();

  /** Completes after the pause, on a thread that may be held up. */
  CompletableFuture<?> pause(Duration length);

  static Waiting real() {
    return new Waiting() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public CompletableFuture<?> pause(Duration length) {
        return new CompletableFuture<Duration>()
            .completeOnTimeout(length, length.toNanos(), TimeUnit.NANOSECONDS)
            .thenApplyAsync(over -> over);
      }
    };
  }
}
