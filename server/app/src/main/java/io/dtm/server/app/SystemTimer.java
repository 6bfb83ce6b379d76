package io.dtm.server.app;

import io.dtm.server.core.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The timer of a real server: one thread, which starts with the first action. Thread-safe. */
final class SystemTimer implements Timer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SystemTimer.class);

  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("timer").daemon().factory());

  SystemTimer(InstantSource clock) {
    this.clock = clock;
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Scheduled at(Instant when, Runnable action) {
    var delay = Duration.between(clock.instant(), when);
    try {
      var scheduled =
          executor.schedule(() -> run(action), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
      return () -> scheduled.cancel(false);
    } catch (RejectedExecutionException e) {
      // Closed: nothing will ever run again, so there is nothing to take back.
      return () -> {};
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("a timed action failed", e);
    }
  }

  /** Actions that have not run are forgotten. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
