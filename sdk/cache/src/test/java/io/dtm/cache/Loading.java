package io.dtm.cache;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A loader that counts its calls, and waits until it is let go when it is told to. */
final class Loading implements CacheLoader<String> {
  private static final int WAIT_SECONDS = 20;

  private final String value;
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch gate;

  private Loading(String value, int gates) {
    this.value = value;
    this.gate = new CountDownLatch(gates);
  }

  static Loading of(String value) {
    return new Loading(value, 0);
  }

  static Loading held(String value) {
    return new Loading(value, 1);
  }

  @Override
  public Optional<String> load() throws InterruptedException {
    calls.incrementAndGet();
    begun.countDown();
    if (!gate.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("not let go within %d s".formatted(WAIT_SECONDS));
    }
    return Optional.of(value);
  }

  void awaitBegun() throws InterruptedException {
    if (!begun.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("not begun within %d s".formatted(WAIT_SECONDS));
    }
  }

  void letGo() {
    gate.countDown();
  }

  int calls() {
    return calls.get();
  }
}
