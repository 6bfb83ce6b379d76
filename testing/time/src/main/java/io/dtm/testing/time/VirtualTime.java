package io.dtm.testing.time;

import io.dtm.server.core.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * A clock that stands still until it is moved, and the timer that goes with it. Moving it runs what
 * falls due on the way, one point in time after the other, in the order in which it was asked for.
 * Thread-safe; one thread at a time may move it.
 */
public final class VirtualTime implements InstantSource, Timer {
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::when).thenComparingLong(Entry::number));
  private Instant now;
  private long count;

  private record Entry(Instant when, long number, Runnable action) {}

  public VirtualTime(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Scheduled at(Instant when, Runnable action) {
    var entry = new Entry(when, count++, action);
    entries.add(entry);
    return () -> cancel(entry);
  }

  private synchronized void cancel(Entry entry) {
    entries.remove(entry);
  }

  /**
   * Moves the clock on and runs every action that falls due, on the calling thread.
   *
   * @param settle run before the first step and after each one; it should return once whatever the
   *     actions set off has come to rest, since only then is it known what falls due next
   */
  public void advance(Duration duration, Runnable settle) {
    settle.run();
    var end = instant().plus(duration);
    for (var next = takeDue(end); next.isPresent(); next = takeDue(end)) {
      next.get().action().run();
      settle.run();
    }
    moveTo(end);
    settle.run();
  }

  private synchronized Optional<Entry> takeDue(Instant end) {
    var next = entries.peek();
    if (next == null || next.when().isAfter(end)) {
      return Optional.empty();
    }
    entries.remove();
    moveTo(next.when());
    return Optional.of(next);
  }

  private synchronized void moveTo(Instant when) {
    if (when.isAfter(now)) {
      now = when;
    }
  }
}
