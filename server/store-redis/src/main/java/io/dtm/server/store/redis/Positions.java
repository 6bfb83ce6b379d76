package io.dtm.server.store.redis;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as opaque text: a byte that tells the kinds apart, and a member. */
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
    if (!Members.isPlace(place)) {
      throw unknown(position, null);
    }
    return place;
  }

  static String ofEntry(byte[] name) {
    return encode(ENTRY, name);
  }

  static byte[] entry(String position) {
    return decode(position, ENTRY);
  }

  private static String encode(byte kind, byte[] member) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Keys.joined(new byte[] {kind}, member));
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
