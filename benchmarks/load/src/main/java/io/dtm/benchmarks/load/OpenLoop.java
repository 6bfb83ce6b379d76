package io.dtm.benchmarks.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Flows are due at fixed times, whatever became of those before. One that finds no user free waits
 * for one, and this wait is part of its latency: a server that stands still is charged for everyone
 * who would have come meanwhile, not only for those who were there (coordinated omission).
 */
final class OpenLoop extends Load {
  private final double rate;
  private final Deque<User> idle;
  private final Deque<Long> waiting = new ArrayDeque<>();
  private volatile @Nullable CountDownLatch unfinished;

  /**
   * @param rate flows that are due in a second
   * @param users as many as may have a flow at the same time
   */
  OpenLoop(double rate, List<User> users, CallLedger ledger) {
    super(ledger);
    this.rate = rate;
    this.idle = new ArrayDeque<>(users);
  }

  @Override
  void start(long begun, Duration length) {
    double interval = TimeUnit.SECONDS.toNanos(1) / rate;
    int count = (int) Math.ceil(length.toNanos() / interval);
    unfinished = new CountDownLatch(count);
    Thread.ofPlatform()
        .daemon()
        .name("pace")
        .start(() -> {
          for (int i = 0; i < count; i++) {
            long intended = begun + (long) (i * interval);
            awaitTime(intended);
            due(intended);
          }
        });
  }

  private static void awaitTime(long time) {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void due(long intended) {
    User user;
    synchronized (this) {
      user = idle.poll();
      if (user == null) {
        waiting.add(intended);
        return;
      }
    }
    carryOut(user, intended, well -> free(user));
  }

  private void free(User user) {
    countDown();
    Long intended;
    synchronized (this) {
      intended = waiting.poll();
      if (intended == null) {
        idle.add(user);
        return;
      }
    }
    carryOut(user, intended, well -> free(user));
  }

  private void countDown() {
    var latch = unfinished;
    if (latch != null) {
      latch.countDown();
    }
  }

  @Override
  void awaitEnd(Duration limit) throws InterruptedException {
    var latch = unfinished;
    if (latch == null || latch.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    synchronized (this) {
      waiting.clear();
    }
    for (long i = latch.getCount(); i > 0; i--) {
      tally().failed("a flow has not ended %s after the turn".formatted(limit));
    }
  }
}
