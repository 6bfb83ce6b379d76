package io.dtm.testing.simulation;

/** A bug that is planted on purpose, to prove that the simulation finds its kind. */
public enum Defect {
  NONE,
  /** The store overwrites whatever is there, ignoring the version. */
  LOST_UPDATE,
  /** Compensations are recorded as done without having been delivered. */
  SKIPPED_COMPENSATION,
  /** The store hands out what another node's claim still holds. */
  DOUBLE_RUN,
  /** Writes are answered before they are durable. */
  EARLY_ANSWER,
  /**
   * The engine reads a clock that stands still whenever its process does, so that it does not see
   * that its claims have ended.
   */
  UNNOTICED_PAUSE
}
