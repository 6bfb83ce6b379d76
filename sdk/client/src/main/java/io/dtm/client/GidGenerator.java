package io.dtm.client;

import java.util.random.RandomGenerator;

/**
 * Makes gids of 22 characters with 128 random bits. As thread-safe as its source of randomness.
 *
 * <p>They are made here, not asked for: it saves a call, and a caller has the gid in hand before
 * anything can fail.
 */
final class GidGenerator {
  /** Without the characters that are mistaken for one another: 0 and O, 1, I and l. */
  private static final String ALPHABET =
      "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  /** 57^22 > 2^128. */
  private static final int LENGTH = 22;

  private final RandomGenerator random;

  GidGenerator(RandomGenerator random) {
    this.random = random;
  }

  String next() {
    var gid = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      gid.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return gid.toString();
  }
}
