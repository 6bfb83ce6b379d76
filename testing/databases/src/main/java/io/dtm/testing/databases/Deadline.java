package io.dtm.testing.databases;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The one place that waits for a condition, and never without a limit. */
final class Deadline {
  private static final Duration STEP = Duration.ofMillis(20);

  private Deadline() {}

  /** Whether the condition came true within the limit; asked again and again until then. */
  static boolean await(Duration limit, BooleanSupplier condition) {
    var over =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, limit.toMillis(), TimeUnit.MILLISECONDS);
    while (!condition.getAsBoolean()) {
      if (over.isDone()) {
        return false;
      }
      pass();
    }
    return true;
  }

  private static void pass() {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a server", interruption);
    }
  }
}
