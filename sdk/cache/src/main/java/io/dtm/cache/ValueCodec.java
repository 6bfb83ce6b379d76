package io.dtm.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * How values look in Redis. Thread-safe. An exception of either method passes to the caller of the
 * cache; give the key another name when the format changes.
 */
public interface ValueCodec<V> {
  /** The bytes of a value. No bytes stand for "no value", here and for every other reader. */
  byte[] encode(V value);

  /** The value of bytes that some version of some service has written; never empty. */
  V decode(byte[] bytes);

  /** Text in UTF-8, as the Go library keeps it. The empty text counts as no value. */
  static ValueCodec<String> text() {
    return new ValueCodec<>() {
      @Override
      public byte[] encode(String value) {
        return value.getBytes(UTF_8);
      }

      @Override
      public String decode(byte[] bytes) {
        return new String(bytes, UTF_8);
      }
    };
  }
}
