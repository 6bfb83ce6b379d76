package io.dtm.server.api;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off clients that take too long to send a request or to take its answer, a byte now and then
 * being no excuse: sockets are read and written without a time limit, so such a connection would
 * otherwise stay for ever. Each transfer is claimed exactly once, by its own thread when it ends or
 * by the sweep when it is late, so a thread is never interrupted in what it does afterwards.
 */
final class TransferDeadlines implements Http1ConnectionListener {
  private static final Duration SWEEP_INTERVAL_MAX = Duration.ofSeconds(1);
  private static final Duration SWEEP_INTERVAL_MIN = Duration.ofMillis(50);

  private final Duration limit;
  private final InstantSource clock;
  private final ConcurrentHashMap<Thread, Transfer> transfers = new ConcurrentHashMap<>();
  private @Nullable ScheduledExecutorService sweeper;
  private @Nullable ScheduledFuture<?> sweeps;

  TransferDeadlines(Duration limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
  }

  void start() {
    long millis =
        Math.clamp(
            limit.toMillis() / 10, SWEEP_INTERVAL_MIN.toMillis(), SWEEP_INTERVAL_MAX.toMillis());
    var executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("dtm-http-deadlines").factory());
    sweeps = executor.scheduleAtFixedRate(this::sweep, millis, millis, TimeUnit.MILLISECONDS);
    sweeper = executor;
  }

  void stop() {
    if (sweeper != null && sweeps != null) {
      sweeps.cancel(false);
      sweeper.shutdown();
    }
  }

  /** The first line of a request has come in; the rest must follow in time. */
  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    begin();
  }

  /** The current thread starts to transfer something. */
  void begin() {
    transfers.put(Thread.currentThread(), new Transfer(clock.instant().plus(limit)));
  }

  /**
   * The current thread's transfer is complete.
   *
   * @throws CloseConnectionException when that came too late
   */
  void end() {
    var transfer = transfers.remove(Thread.currentThread());
    if (transfer == null || !transfer.claim()) {
      throw new CloseConnectionException("transfer took longer than " + limit);
    }
  }

  private void sweep() {
    var now = clock.instant();
    transfers.forEach((thread, transfer) -> {
      if (now.isAfter(transfer.due)) {
        transfers.remove(thread, transfer);
        if (transfer.claim()) {
          thread.interrupt();
        }
      }
    });
  }

  private static final class Transfer {
    private final Instant due;
    private final AtomicBoolean claimed = new AtomicBoolean();

    Transfer(Instant due) {
      this.due = due;
    }

    boolean claim() {
      return claimed.compareAndSet(false, true);
    }
  }
}
