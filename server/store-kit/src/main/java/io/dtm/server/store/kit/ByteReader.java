package io.dtm.server.store.kit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * Reads what {@link ByteWriter} wrote. Whatever does not fit fails with an {@link
 * IndexOutOfBoundsException} or {@link IllegalArgumentException}, never by making up a value.
 */
final class ByteReader {
  private final byte[] bytes;
  private int position;

  ByteReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int position() {
    return position;
  }

  boolean isAtEnd() {
    return position == bytes.length;
  }

  int readByte() {
    return bytes[position++] & 0xFF;
  }

  boolean readFlag() {
    int value = readByte();
    if (value > 1) {
      throw new IllegalArgumentException("flag: %d (expected: 0 or 1)".formatted(value));
    }
    return value == 1;
  }

  long readNumber() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("number: more than 10 bytes");
  }

  int readInt() {
    return Math.toIntExact(readNumber());
  }

  long readSigned() {
    long value = readNumber();
    return (value >>> 1) ^ -(value & 1);
  }

  byte[] readBytes() {
    return take(readInt());
  }

  private byte[] take(int count) {
    if (count < 0 || count > bytes.length - position) {
      throw new IndexOutOfBoundsException(
          "%d bytes at %d of %d".formatted(count, position, bytes.length));
    }
    var taken = new byte[count];
    System.arraycopy(bytes, position, taken, 0, count);
    position += count;
    return taken;
  }

  String readText() {
    long header = readNumber();
    int length = Math.toIntExact(header >>> 1);
    if ((header & 1) == 0) {
      return new String(take(length), StandardCharsets.UTF_8);
    }
    // By hand: a decoder would replace the very surrogates that this form is for.
    var chars = new char[Math.min(length, bytes.length)];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) (readByte() << 8 | readByte());
    }
    return new String(chars);
  }

  Duration readDuration() {
    return Duration.ofSeconds(readSigned(), readInt());
  }

  Instant readInstant(Instant base) {
    long header = readSigned();
    int nanos = (header & 1) == 1 ? readInt() : base.getNano();
    return Instant.ofEpochSecond(base.getEpochSecond() + (header >> 1), nanos);
  }
}
