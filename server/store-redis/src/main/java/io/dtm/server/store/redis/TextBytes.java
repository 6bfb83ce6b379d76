package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.server.store.kit.Texts;
import java.nio.ByteBuffer;

/**
 * Texts as bytes, such that different texts are different bytes: UTF-8, or a byte that UTF-8 does
 * not have and UTF-16 for the texts with half a surrogate pair.
 */
final class TextBytes {
  private static final byte UTF_16 = (byte) 0xFF;

  private TextBytes() {}

  static byte[] of(String text) {
    if (Texts.isUnicode(text)) {
      return text.getBytes(UTF_8);
    }
    var bytes = ByteBuffer.allocate(1 + text.length() * Character.BYTES).put(UTF_16);
    // By hand: an encoder would replace the very surrogates that this form is for.
    text.chars().forEach(c -> bytes.putChar((char) c));
    return bytes.array();
  }

  static String text(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != UTF_16) {
      return new String(bytes, UTF_8);
    }
    var in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    var chars = new char[in.remaining() / Character.BYTES];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = in.getChar();
    }
    return new String(chars);
  }
}
