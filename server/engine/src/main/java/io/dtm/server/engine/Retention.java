package io.dtm.server.engine;

import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionStore;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Deletes transactions that ended longer ago than the configured time, in small batches, so that no
 * writer ever waits for long. Sweeps on a platform thread, since stores may call native code.
 * Thread-safe.
 */
final class Retention implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int BATCH = 500;

  private final TransactionStore store;
  private final Duration keep;
  private final InstantSource clock;
  private final Timer timer;
  private final EngineListener listener;
  private final Activity activity;
  private volatile boolean closed;

  Retention(
      TransactionStore store,
      Duration keep,
      InstantSource clock,
      Timer timer,
      EngineListener listener,
      Activity activity) {
    this.store = store;
    this.keep = keep;
    this.clock = clock;
    this.timer = timer;
    this.listener = listener;
    this.activity = activity;
  }

  /** Begins, unless finished transactions are kept for ever. */
  void start() {
    if (keep.isPositive()) {
      arm();
    }
  }

  private void arm() {
    timer.at(clock.instant().plus(PERIOD), this::sweepInBackground);
  }

  private void sweepInBackground() {
    if (closed) {
      return;
    }
    activity.begin();
    Thread.ofPlatform().name("retention").daemon().start(this::sweep);
  }

  private void sweep() {
    try {
      int deleted;
      do {
        deleted = store.deleteFinished(clock.instant().minus(keep), BATCH);
      } while (deleted == BATCH && !closed);
    } catch (Exception e) {
      listener.on(new EngineEvent.Disturbed("deletion of finished transactions", e));
    } finally {
      arm();
      activity.end();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
