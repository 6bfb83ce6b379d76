package io.dtm.server.store.rocksdb;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.store.kit.Codes;
import io.dtm.server.store.kit.Texts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The keys of all tables: bytes whose unsigned order is the order we read in. A gid has no byte
 * 0x00, as it has no control character, and no key part has a byte 0xFF where a key is compared
 * with one.
 */
final class Keys {
  private static final int TIME_BYTES = Long.BYTES + Integer.BYTES;
  private static final int LISTING_PREFIX_BYTES = 2;
  private static final int TIME_PREFIX_BYTES = TIME_BYTES + Integer.BYTES;
  private static final byte SEPARATOR = 0;
  private static final byte AFTER_ALL = (byte) 0xFF;
  private static final int HALF = 0xED;

  private Keys() {}

  /** {@code gid}. */
  static byte[] gid(Gid gid) {
    return text(gid.value());
  }

  /** The gid whose key it is. */
  static Gid gid(byte[] key) {
    return new Gid(new String(key, StandardCharsets.UTF_8));
  }

  /** {@code gid 0x00 index}. */
  static byte[] branch(byte[] gid, int index) {
    return ByteBuffer.allocate(gid.length + 1 + Integer.BYTES)
        .put(gid)
        .put(SEPARATOR)
        .putInt(index)
        .array();
  }

  /**
   * {@code time version gid}. The version makes every key one of its own: it is written once and
   * deleted once, which is what allows a single delete (see {@link TimeIndex}).
   */
  static byte[] time(Instant time, long version, byte[] gid) {
    return ByteBuffer.allocate(TIME_PREFIX_BYTES + gid.length)
        .put(orderedTime(time))
        .putInt((int) version)
        .put(gid)
        .array();
  }

  /** The first key of a time index that an instant can have. */
  static byte[] firstAt(Instant time) {
    return orderedTime(time);
  }

  /** A key after every one of that instant. */
  static byte[] lastAt(Instant time) {
    // The version comes next in a key, and may be all ones.
    return appended(orderedTime(time), AFTER_ALL, AFTER_ALL, AFTER_ALL, AFTER_ALL, AFTER_ALL);
  }

  static Instant timeOf(byte[] key) {
    var in = ByteBuffer.wrap(key);
    return Instant.ofEpochSecond(in.getLong() ^ Long.MIN_VALUE, in.getInt());
  }

  static byte[] gidOfTime(byte[] key) {
    return Arrays.copyOfRange(key, TIME_PREFIX_BYTES, key.length);
  }

  /** {@code status mode createdAt gid}, with time running backwards: the newest comes first. */
  static byte[] listing(
      TransactionStatus status, TransactionMode mode, Instant createdAt, byte[] gid) {
    return listing(status, mode, appended(reversedTime(createdAt), gid));
  }

  /** The key of one status and mode at a place of the listing: {@link #listingPlace}. */
  static byte[] listing(TransactionStatus status, TransactionMode mode, byte[] place) {
    return ByteBuffer.allocate(LISTING_PREFIX_BYTES + place.length)
        .put((byte) Codes.of(status))
        .put((byte) Codes.of(mode))
        .put(place)
        .array();
  }

  /** {@code createdAt gid}: where a key stands in the listing, whatever its status and mode. */
  static byte[] listingPlace(byte[] listingKey) {
    return Arrays.copyOfRange(listingKey, LISTING_PREFIX_BYTES, listingKey.length);
  }

  static byte[] gidOfPlace(byte[] place) {
    return Arrays.copyOfRange(place, TIME_BYTES, place.length);
  }

  /** Whether bytes of unknown origin can be a place in the listing. */
  static boolean isPlace(byte[] bytes) {
    return bytes.length > TIME_BYTES
        && bytes.length <= TIME_BYTES + 3 * Gid.LENGTH_MAX
        && ~ByteBuffer.wrap(bytes).getInt(Long.BYTES) >= 0
        && ~ByteBuffer.wrap(bytes).getInt(Long.BYTES) < 1_000_000_000;
  }

  /** Whether bytes of unknown origin can be a key of a time index. */
  static boolean isTimeKey(byte[] bytes) {
    return bytes.length > TIME_PREFIX_BYTES
        && bytes.length <= TIME_PREFIX_BYTES + 3 * Gid.LENGTH_MAX;
  }

  /** The first place that an instant can have. */
  static byte[] firstPlaceAt(Instant createdAt) {
    return reversedTime(createdAt);
  }

  /** A place after every one of that instant. */
  static byte[] lastPlaceAt(Instant createdAt) {
    return appended(reversedTime(createdAt), AFTER_ALL);
  }

  /** A place after every other. */
  static byte[] lastPlace() {
    var bytes = new byte[TIME_BYTES + 1];
    Arrays.fill(bytes, AFTER_ALL);
    return bytes;
  }

  /** {@code category 0x00 key}. */
  static byte[] entry(String category, String key) {
    return appended(firstEntry(category), text(key));
  }

  /** Sorts before every key of the category. */
  static byte[] firstEntry(String category) {
    if (category.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("category: has a character U+0000 (expected: none)");
    }
    return appended(text(category), SEPARATOR);
  }

  /** Sorts after every key of the category. */
  static byte[] lastEntry(String category) {
    return appended(firstEntry(category), AFTER_ALL);
  }

  /** The next key there can be. */
  static byte[] after(byte[] key) {
    return appended(key, SEPARATOR);
  }

  static boolean isBefore(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, other) < 0;
  }

  private static byte[] orderedTime(Instant time) {
    return ByteBuffer.allocate(TIME_BYTES)
        .putLong(time.getEpochSecond() ^ Long.MIN_VALUE)
        .putInt(time.getNano())
        .array();
  }

  private static byte[] reversedTime(Instant time) {
    return ByteBuffer.allocate(TIME_BYTES)
        .putLong(~(time.getEpochSecond() ^ Long.MIN_VALUE))
        .putInt(~time.getNano())
        .array();
  }

  private static byte[] appended(byte[] first, byte... second) {
    var key = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, key, first.length, second.length);
    return key;
  }

  /**
   * UTF-8, and half a surrogate pair as if it were a character: two texts that differ have keys
   * that differ, always.
   */
  private static byte[] text(String text) {
    if (Texts.isUnicode(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Texts.isPairAt(text, i)) {
        out.writeBytes(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
        i++;
      } else if (Character.isSurrogate(c)) {
        out.write(HALF);
        out.write(0x80 | ((c >>> 6) & 0x3F));
        out.write(0x80 | (c & 0x3F));
      } else {
        out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }
}
