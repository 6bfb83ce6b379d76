package io.dtm.cache;

import org.jspecify.annotations.Nullable;

/** What Redis has of a key. */
final class Reading {
  /** Who may load it. */
  enum Lock {
    /** Nobody: the value is good. */
    NONE,
    /** Who asked. */
    MINE,
    /** Somebody, or whoever asks first. */
    OTHER
  }

  /** What a reader does next. */
  enum Step {
    /** Give the value. */
    GIVE,
    /** Give the old value, and load the new one behind it. */
    GIVE_AND_RELOAD,
    LOAD,
    WAIT
  }

  private final byte @Nullable [] value;
  private final Lock lock;

  Reading(byte @Nullable [] value, Lock lock) {
    this.value = value;
    this.lock = lock;
  }

  byte @Nullable [] value() {
    return value;
  }

  boolean isHit() {
    return value != null && lock == Lock.NONE;
  }

  /** Whether it has a value, if an old one, that an eventual reader is content with. */
  boolean suffices(Consistency consistency) {
    return value != null && consistency == Consistency.EVENTUAL;
  }

  /** After a claim: the step that this consistency takes. */
  Step next(Consistency consistency) {
    if (isHit()) {
      return Step.GIVE;
    }
    return switch (lock) {
      case MINE -> suffices(consistency) ? Step.GIVE_AND_RELOAD : Step.LOAD;
      case OTHER -> suffices(consistency) ? Step.GIVE : Step.WAIT;
      case NONE -> Step.WAIT;
    };
  }

  byte[] requiredValue() {
    if (value == null) {
      throw new IllegalStateException("no value (expected: one, to take this step)");
    }
    return value;
  }
}
