package io.dtm.server.store.kit;

import java.util.Arrays;
import java.util.Base64;
import java.util.function.Predicate;

/** Where a page ended, as opaque text: a byte that tells kinds of listings apart, and a key. */
public enum PagePosition {
  /** In the listing of transactions. */
  TRANSACTION(1),
  /** In the listing of settings. */
  SETTING(2),
  /** Among parked transactions. */
  PARKED(3);

  private final byte code;

  PagePosition(int code) {
    this.code = (byte) code;
  }

  public String of(byte[] key) {
    var bytes = new byte[key.length + 1];
    bytes[0] = code;
    System.arraycopy(key, 0, bytes, 1, key.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * The key that a position tells.
   *
   * @param isKey whether bytes may be a key of the listing
   * @throws IllegalArgumentException when it is none of ours
   */
  public byte[] key(String position, Predicate<byte[]> isKey) {
    try {
      var bytes = Base64.getUrlDecoder().decode(position);
      if (bytes.length > 1 && bytes[0] == code) {
        var key = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (isKey.test(key)) {
          return key;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(unknown(position), e);
    }
    throw new IllegalArgumentException(unknown(position));
  }

  private static String unknown(String position) {
    return "position: %s (expected: the end of an earlier page)".formatted(position);
  }
}
