package io.dtm.cache;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether it makes sense to ask Redis. After some commands in a row without an answer only one
 * fetch in a while finds out whether it is back; the others need not wait for the timeout.
 * Thread-safe.
 */
final class Availability {
  private static final int FAILURES_MAX = 5;
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Waiting waiting;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong nextTryNanos;

  Availability(Waiting waiting) {
    this.waiting = waiting;
    this.nextTryNanos = new AtomicLong(waiting.nanoTime());
  }

  boolean mayAsk() {
    if (failures.get() < FAILURES_MAX) {
      return true;
    }
    var now = waiting.nanoTime();
    var next = nextTryNanos.get();
    return now - next >= 0 && nextTryNanos.compareAndSet(next, now + PAUSE_NANOS);
  }

  void answered() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  void failed() {
    if (failures.incrementAndGet() == FAILURES_MAX) {
      nextTryNanos.set(waiting.nanoTime() + PAUSE_NANOS);
    }
  }
}
