package io.dtm.server.store.mongo;

import io.dtm.server.store.kit.Texts;

/**
 * Texts as the server can keep them. It keeps UTF-8, so half a surrogate pair, which a client's
 * JSON may well have, is written as a control character and four digits; so is that control
 * character itself. Two texts that differ stay different, and all others stay as they are.
 */
final class StoredTexts {
  private static final char ESCAPE = '\u0001';
  private static final int DIGITS = 4;
  private static final int RADIX = 16;

  private StoredTexts() {}

  static String stored(String text) {
    if (text.indexOf(ESCAPE) < 0 && Texts.isUnicode(text)) {
      return text;
    }
    var stored = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Texts.isPairAt(text, i)) {
        stored.append(c).append(text.charAt(++i));
      } else if (c == ESCAPE || Character.isSurrogate(c)) {
        stored.append(ESCAPE).append("%04x".formatted((int) c));
      } else {
        stored.append(c);
      }
    }
    return stored.toString();
  }

  /**
   * What {@link #stored} was given.
   *
   * @throws IllegalArgumentException when it was never given anything that becomes this
   */
  static String original(String stored) {
    if (stored.indexOf(ESCAPE) < 0) {
      return stored;
    }
    var text = new StringBuilder();
    for (int i = 0; i < stored.length(); i++) {
      char c = stored.charAt(i);
      if (c == ESCAPE) {
        int end = Math.min(i + 1 + DIGITS, stored.length());
        text.append((char) Integer.parseInt(stored.substring(i + 1, end), RADIX));
        i += DIGITS;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
