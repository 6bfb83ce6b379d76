package io.dtm.server.store.redis;

import java.io.ByteArrayOutputStream;

/**
 * The name of a setting, category and key, as bytes that sort by category and then by key. Where
 * the category has a zero byte another one follows that is higher than what separates the two.
 */
final class EntryName {
  private static final byte SEPARATOR = 1;
  private static final byte END = 2;
  private static final byte ESCAPED = (byte) 0xFF;

  private EntryName() {}

  static byte[] of(String category, String key) {
    return Keys.joined(start(category, SEPARATOR), TextBytes.of(key));
  }

  /** Before all names of the category. */
  static byte[] first(String category) {
    return start(category, SEPARATOR);
  }

  /** After all names of the category. */
  static byte[] last(String category) {
    return start(category, END);
  }

  private static byte[] start(String category, byte next) {
    var out = new ByteArrayOutputStream();
    for (byte b : TextBytes.of(category)) {
      out.write(b);
      if (b == 0) {
        out.write(ESCAPED);
      }
    }
    out.write(0);
    out.write(next);
    return out.toByteArray();
  }
}
