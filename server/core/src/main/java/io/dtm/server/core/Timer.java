package io.dtm.server.core;

import java.time.Instant;

/** Runs short actions at a point in time. Actions must not block: they hand over or signal. */
public interface Timer {

  /** Runs {@code action} once, at {@code when} or as soon as possible after it. */
  Scheduled at(Instant when, Runnable action);

  /** A handle on one scheduled action. */
  interface Scheduled {
    /** Takes the action back if it has not run yet. */
    void cancel();
  }
}
