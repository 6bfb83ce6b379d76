package io.dtm.server.api;

import java.util.random.RandomGenerator;

/**
 * Makes gids: a random UUID (version 4) written in base 57, least significant digit first, always
 * 22 characters. The alphabet leaves out what is easily confused (0, 1, I, O, l). Thread-safe when
 * its source of randomness is.
 */
public final class GidGenerator {
  private static final char[] ALPHABET =
      "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".toCharArray();
  private static final int LENGTH = 22;

  private final RandomGenerator random;

  /**
   * @param random must be unpredictable where clients must not guess each other's gids
   */
  public GidGenerator(RandomGenerator random) {
    this.random = random;
  }

  /** A new gid. */
  public String next() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return encode(high, low);
  }

  /** Divides the 128-bit number by the base until all digits are out, in four limbs of 32 bits. */
  static String encode(long high, long low) {
    long[] limbs = {high >>> 32, high & 0xFFFF_FFFFL, low >>> 32, low & 0xFFFF_FFFFL};
    var digits = new char[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      long rest = 0;
      for (int j = 0; j < limbs.length; j++) {
        long part = (rest << 32) | limbs[j];
        limbs[j] = part / ALPHABET.length;
        rest = part % ALPHABET.length;
      }
      digits[i] = ALPHABET[(int) rest];
    }
    return new String(digits);
  }
}
