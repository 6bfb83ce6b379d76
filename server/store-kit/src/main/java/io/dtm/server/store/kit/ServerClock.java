package io.dtm.server.store.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The clock of a server that many nodes use: asked now and then, and carried on in between by the
 * time that passes here. However wrong the clocks of the nodes are, all of them agree to within
 * half the time that asking takes.
 */
public final class ServerClock implements StoreClock {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** An answer that took longer than this many times the best one tells too little. */
  private static final int SLOW_FACTOR = 4;

  /** After as many periods any answer is better than none. */
  private static final int PERIODS_MAX = 15;

  private final Supplier<Instant> server;
  private final LongSupplier elapsedNanos;
  private final AtomicReference<Reading> reading;

  private record Reading(Instant time, long atNanos, long tookNanos) {
    Instant later(long nanos) {
      return time.plusNanos(nanos - atNanos);
    }
  }

  /** Asks the server at once. */
  public ServerClock(Supplier<Instant> server) {
    this(server, System::nanoTime);
  }

  ServerClock(Supplier<Instant> server, LongSupplier elapsedNanos) {
    this.server = server;
    this.elapsedNanos = elapsedNanos;
    this.reading = new AtomicReference<>(read());
  }

  private Reading read() {
    long before = elapsedNanos.getAsLong();
    var time = server.get();
    long took = elapsedNanos.getAsLong() - before;
    return new Reading(time, before + took / 2, took);
  }

  @Override
  public Instant instant() {
    return reading.get().later(elapsedNanos.getAsLong());
  }

  @Override
  public void refresh() {
    var old = reading.get();
    if (age(old) < PERIOD.toNanos()) {
      return;
    }
    var next = read();
    if (next.tookNanos <= SLOW_FACTOR * old.tookNanos
        || age(old) > PERIODS_MAX * PERIOD.toNanos()) {
      // Should another thread have been faster, its answer is as good.
      reading.compareAndSet(old, next);
    }
  }

  private long age(Reading old) {
    return elapsedNanos.getAsLong() - old.atNanos;
  }
}
