package io.dtm.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Checks of what callers pass in: each message names what it is, the value and what was expected.
 */
final class Arguments {
  /** More is taken for a mistake, and would overflow when it is counted in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Arguments() {}

  static String key(String key) {
    return notEmpty("key", key);
  }

  static String notEmpty(String name, String value) {
    requireNonNull(value, name);
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + ": '' (expected: one character at least)");
    }
    return value;
  }

  /** Each once, in their order. */
  static Set<String> keys(Collection<String> keys) {
    requireNonNull(keys, "keys");
    var distinct = new LinkedHashSet<String>();
    keys.forEach(key -> distinct.add(key(key)));
    if (distinct.size() > ConsistentCache.KEYS_MAX) {
      throw new IllegalArgumentException(
          "keys: %d (expected: at most %d)".formatted(distinct.size(), ConsistentCache.KEYS_MAX));
    }
    return distinct;
  }

  static Duration positive(String name, Duration value) {
    requireNonNull(value, name);
    requireNotTooLong(name, value);
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a millisecond at least)".formatted(name, value));
    }
    return value;
  }

  static Duration notNegative(String name, Duration value) {
    requireNonNull(value, name);
    requireNotTooLong(name, value);
    if (value.isNegative()) {
      throw new IllegalArgumentException("%s: %s (expected: 0 or more)".formatted(name, value));
    }
    return value;
  }

  private static void requireNotTooLong(String name, Duration value) {
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s at most)".formatted(name, value, LONGEST));
    }
  }

  /**
   * What Redis keeps has whole seconds only; rounding in silence would change what was asked for.
   */
  static Duration wholeSeconds(String name, Duration value) {
    requireNonNull(value, name);
    if (value.getNano() != 0 || value.getSeconds() < 1) {
      throw new IllegalArgumentException(
          "%s: %s (expected: whole seconds, 1 at least)".formatted(name, value));
    }
    return value;
  }

  static int atLeast(String name, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d or more)".formatted(name, value, least));
    }
    return value;
  }
}
