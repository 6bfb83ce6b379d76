package io.dtm.benchmarks.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Each user begins its next flow when its last one has ended. */
final class ClosedLoop extends Load {
  /** After a failure, so that a server that refuses at once is not flooded. */
  private static final Duration AFTER_FAILURE = Duration.ofMillis(10);

  private final List<User> users;
  private final CountDownLatch working;
  private final ScheduledExecutorService pauses =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  ClosedLoop(List<User> users, CallLedger ledger) {
    super(ledger);
    this.users = users;
    this.working = new CountDownLatch(users.size());
  }

  @Override
  void start(long begun, Duration length) {
    users.forEach(this::goOn);
  }

  private void goOn(User user) {
    if (isOver()) {
      working.countDown();
      return;
    }
    carryOut(
        user,
        System.nanoTime(),
        well -> {
          if (well) {
            goOn(user);
            return;
          }
          var unused =
              pauses.schedule(() -> goOn(user), AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        });
  }

  @Override
  void awaitEnd(Duration limit) throws InterruptedException {
    if (!working.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      for (long i = working.getCount(); i > 0; i--) {
        tally().failed("a flow has not ended %s after the turn".formatted(limit));
      }
    }
    pauses.shutdownNow();
  }
}
