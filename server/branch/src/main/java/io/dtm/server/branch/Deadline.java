package io.dtm.server.branch;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * The end of one call's time. Time-outs of sockets start anew with every byte; this one does not.
 * When it has come, whatever request is being made is cut off. Thread-safe.
 */
final class Deadline implements AutoCloseable {
  private final ScheduledFuture<?> alarm;
  private boolean passed;
  private @Nullable Cancellable request;

  Deadline(Duration timeout, ScheduledExecutorService alarms) {
    alarm = alarms.schedule(this::pass, timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Makes {@code next} the request that is cut off, at once if the time is up already. */
  synchronized void guard(Cancellable next) {
    request = next;
    if (passed) {
      next.cancel();
    }
  }

  private synchronized void pass() {
    passed = true;
    if (request != null) {
      request.cancel();
    }
  }

  synchronized boolean isPassed() {
    return passed;
  }

  long remainingNanos() {
    return Math.max(0, alarm.getDelay(TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    alarm.cancel(false);
  }
}
