package io.dtm.cache;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Time, and waiting for it to pass. */
interface Waiting {
  /** Nanoseconds from an arbitrary start; only differences mean something. */
  long nanoTime();

  /** Completes after the pause. */
  CompletableFuture<?> pause(Duration length);

  default Duration since(long nanoTime) {
    return Duration.ofNanos(nanoTime() - nanoTime);
  }

  static Waiting real() {
    LongSupplier nanoTime = System::nanoTime;
    return new Waiting() {
      @Override
      public long nanoTime() {
        return nanoTime.getAsLong();
      }

      @Override
      public CompletableFuture<?> pause(Duration length) {
        return new CompletableFuture<Duration>()
            .completeOnTimeout(length, length.toNanos(), TimeUnit.NANOSECONDS);
      }
    };
  }
}
