package io.dtm.server.engine;

import io.dtm.server.core.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reminds the running passes of their writes: one timer for all of them, so that a pass that is
 * over in a millisecond sets none. Armed only while passes run. Thread-safe.
 */
final class LeaseKeeper {
  private final TransactionRunner runner;
  private final Timer timer;
  private final InstantSource clock;
  private final Duration period;
  private final AtomicBoolean armed = new AtomicBoolean();

  LeaseKeeper(TransactionRunner runner, Timer timer, InstantSource clock, Duration period) {
    this.runner = runner;
    this.timer = timer;
    this.clock = clock;
    this.period = period;
  }

  /** To be told whenever a pass begins. */
  void passBegins() {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      arm();
    }
  }

  private void arm() {
    timer.at(clock.instant().plus(period), this::remind);
  }

  private void remind() {
    runner.remindAll(clock.instant());
    if (!runner.isIdle()) {
      arm();
      return;
    }
    armed.set(false);
    // A pass may have begun between the look and the reset.
    if (!runner.isIdle()) {
      passBegins();
    }
  }
}
