package io.dtm.testing.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Simulated time, and who goes on next. While any thread can go on, one of them does, drawn by the
 * seed; when none can, time moves to the next event. Confined to the thread that runs it and to the
 * virtual threads that it lets run.
 */
final class World {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** More stretches than any honest run takes: beyond it something turns in circles. */
  private static final long STEPS_MAX = 400_000;

  final SplittableRandom random;
  private final Story story;
  private final List<Stretch> ready = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long now;
  private long count;
  private long steps;

  /** What a thread does until it has to wait again. */
  record Stretch(Owner owner, Runnable work) {}

  /** Whose threads they are, and may they run. */
  interface Owner {
    /** Told before each stretch; false: it does not run, now or ever. */
    boolean goesOn(Runnable work);
  }

  private record Event(long at, long number, Runnable action) {}

  World(long seed, Story story) {
    this.random = new SplittableRandom(seed);
    this.story = story;
  }

  /** Nanoseconds since {@link #START}. */
  long nanos() {
    return now;
  }

  Instant instant() {
    return START.plusNanos(now);
  }

  long steps() {
    return steps;
  }

  void ready(Owner owner, Runnable work) {
    ready.add(new Stretch(owner, work));
  }

  /** Has something happen after a while; the returned action takes it back. */
  Runnable after(Duration delay, Runnable action) {
    var event = new Event(now + Math.max(0, delay.toNanos()), count++, action);
    events.add(event);
    return () -> events.remove(event);
  }

  /** Stops the calling virtual thread for a while. */
  void sleep(Duration delay) {
    var over = new CompletableFuture<Boolean>();
    after(delay, () -> over.complete(true));
    over.join();
  }

  Duration millis(int from, int to) {
    return Duration.ofNanos(random.nextLong(from * 1_000_000L, to * 1_000_000L + 1));
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  void tell(String gid, String line) {
    story.tell(now, gid, line);
  }

  /**
   * Runs until the end is reached, or the time is up.
   *
   * @return whether the end was reached
   */
  boolean runUntil(BooleanSupplier end, Duration limit) {
    long last = now + limit.toNanos();
    while (!end.getAsBoolean()) {
      if (!ready.isEmpty()) {
        step();
        continue;
      }
      var next = events.peek();
      if (next == null || next.at() > last) {
        now = last;
        return end.getAsBoolean();
      }
      events.remove();
      now = next.at();
      next.action().run();
    }
    return true;
  }

  private void step() {
    if (steps++ > STEPS_MAX) {
      throw new Violation("progress", "", "more than %d steps".formatted(STEPS_MAX));
    }
    int index = ready.size() == 1 ? 0 : random.nextInt(ready.size());
    var last = ready.removeLast();
    var chosen = index == ready.size() ? last : ready.set(index, last);
    if (chosen.owner().goesOn(chosen.work())) {
      chosen.work().run();
    }
  }
}
