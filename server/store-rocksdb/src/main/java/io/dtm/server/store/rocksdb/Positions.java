package io.dtm.server.store.rocksdb;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as opaque text: a byte that tells the kinds apart, and a key. */
final class Positions {
  private static final byte PLACE = 1;
  private static final byte ENTRY = 2;

  private Positions() {}

  /** In the listing of transactions. */
  static String of(byte[] place) {
    return encode(PLACE, place);
  }

  static byte[] place(String position) {
    var place = decode(position, PLACE);
    if (!Keys.isPlace(place)) {
      throw unknown(position, null);
    }
    return place;
  }

  static String ofEntry(byte[] key) {
    return encode(ENTRY, key);
  }

  static byte[] entry(String position) {
    return decode(position, ENTRY);
  }

  private static String encode(byte kind, byte[] key) {
    var bytes = new byte[key.length + 1];
    bytes[0] = kind;
    System.arraycopy(key, 0, bytes, 1, key.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decode(String position, byte kind) {
    try {
      var bytes = Base64.getUrlDecoder().decode(position);
      if (bytes.length > 1 && bytes[0] == kind) {
        return Arrays.copyOfRange(bytes, 1, bytes.length);
      }
    } catch (IllegalArgumentException e) {
      throw unknown(position, e);
    }
    throw unknown(position, null);
  }

  private static IllegalArgumentException unknown(String position, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "position: %s (expected: the end of an earlier page)".formatted(position), cause);
  }
}
