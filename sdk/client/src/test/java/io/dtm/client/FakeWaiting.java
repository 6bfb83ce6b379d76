package io.dtm.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Time that passes only by being waited for, and then at once. */
final class FakeWaiting implements Waiting {
  private final List<Duration> pauses = new ArrayList<>();
  private Duration elapsed = Duration.ZERO;

  @Override
  public long nanoTime() {
    return elapsed.toNanos();
  }

  @Override
  public CompletableFuture<?> pause(Duration length) {
    pauses.add(length);
    elapsed = elapsed.plus(length);
    return CompletableFuture.completedFuture(length);
  }

  List<Duration> pauses() {
    return pauses;
  }

  Duration elapsed() {
    return elapsed;
  }
}
