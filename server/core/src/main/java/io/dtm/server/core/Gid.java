package io.dtm.server.core;

/**
 * The identity of a global transaction, chosen by the client or made by the server: 1 to {@value
 * #LENGTH_MAX} characters, none of them a control character or half of a surrogate pair, and no
 * space at the end: what any database can keep and tell apart.
 */
public record Gid(String value) implements Comparable<Gid> {
  /** The longest gid, in characters; also the width of the reference's column. */
  public static final int LENGTH_MAX = 128;

  public Gid {
    if (value.isEmpty() || value.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "gid: %d characters (expected: 1 to %d)".formatted(value.length(), LENGTH_MAX));
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new IllegalArgumentException(
            "gid: control character U+%04X at position %d (expected: none)"
                .formatted((int) value.charAt(i), i));
      }
    }
    if (value.endsWith(" ")) {
      throw new IllegalArgumentException("gid: ends with a space (expected: another character)");
    }
    var half = value.codePoints().filter(Gid::isSurrogate).findFirst();
    if (half.isPresent()) {
      throw new IllegalArgumentException(
          "gid: U+%04X is half of a character (expected: whole ones)".formatted(half.getAsInt()));
    }
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  @Override
  public int compareTo(Gid other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
