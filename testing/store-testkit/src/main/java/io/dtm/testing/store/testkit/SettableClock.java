package io.dtm.testing.store.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class SettableClock implements InstantSource {
  /** Where it stands at first; the odd microseconds show whoever rounds. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

  private volatile Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  public void set(Instant instant) {
    now = instant;
  }

  /** Moves on; a negative duration moves back. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }
}
