package io.dtm.server.engine;

import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/**
 * Deletes transactions that ended longer ago than the configured time, in small batches, so that no
 * writer ever waits for long. Thread-safe.
 */
final class Retention implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int BATCH = 500;
  private static final List<TransactionStatus> FINAL =
      Arrays.stream(TransactionStatus.values()).filter(TransactionStatus::isFinal).toList();

  private final TransactionStore store;
  private final RetentionPeriods periods;
  private final InstantSource clock;
  private final Timer timer;
  private final EngineThreads threads;
  private final EngineListener listener;
  private final Activity activity;
  private volatile boolean closed;

  Retention(
      TransactionStore store,
      RetentionPeriods periods,
      InstantSource clock,
      Timer timer,
      EngineThreads threads,
      EngineListener listener,
      Activity activity) {
    this.store = store;
    this.periods = periods;
    this.clock = clock;
    this.timer = timer;
    this.threads = threads;
    this.listener = listener;
    this.activity = activity;
  }

  /** Begins, unless finished transactions are kept for ever. */
  void start() {
    if (FINAL.stream().anyMatch(status -> periods.of(status).isPositive())) {
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
    threads.storeThread("retention", this::sweep).start();
  }

  private void sweep() {
    try {
      FINAL.stream().filter(status -> periods.of(status).isPositive()).forEach(this::sweep);
    } catch (Exception e) {
      listener.on(new EngineEvent.Disturbed("deletion of finished transactions", e));
    } finally {
      arm();
      activity.end();
    }
  }

  private void sweep(TransactionStatus status) {
    int deleted;
    do {
      var before = clock.instant().minus(periods.of(status));
      deleted = store.deleteFinished(status, before, BATCH);
    } while (deleted == BATCH && !closed);
  }

  @Override
  public void close() {
    closed = true;
  }
}
