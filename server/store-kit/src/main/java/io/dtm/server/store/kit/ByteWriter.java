package io.dtm.server.store.kit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Writes the parts of a record, short values in few bytes. Read by {@link ByteReader}. */
final class ByteWriter {
  private byte[] bytes = new byte[256];
  private int size;

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, count)));
    }
  }

  void writeByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void writeFlag(boolean value) {
    writeByte(value ? 1 : 0);
  }

  /** Seven bits a byte, lowest first; small numbers that are not negative are short. */
  void writeNumber(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Short for small numbers of either sign. */
  void writeSigned(long value) {
    writeNumber((value << 1) ^ (value >> 63));
  }

  void writeBytes(byte[] value) {
    writeNumber(value.length);
    append(value, 0);
  }

  /** The bytes from {@code start} on, without their length. */
  void append(byte[] value, int start) {
    int count = value.length - start;
    reserve(count);
    System.arraycopy(value, start, bytes, size, count);
    size += count;
  }

  /**
   * Text as UTF-8. What UTF-8 cannot express, unpaired surrogates that a client's JSON may well
   * contain, is written as UTF-16, so that every text comes back as it was.
   */
  void writeText(String text) {
    if (Texts.isUnicode(text)) {
      var encoded = text.getBytes(StandardCharsets.UTF_8);
      writeNumber((long) encoded.length << 1);
      append(encoded, 0);
      return;
    }
    writeNumber((long) text.length() << 1 | 1);
    for (int i = 0; i < text.length(); i++) {
      writeByte(text.charAt(i) >>> 8);
      writeByte(text.charAt(i));
    }
  }

  void writeDuration(Duration duration) {
    writeSigned(duration.getSeconds());
    writeNumber(duration.getNano());
  }

  /** An instant close to {@code base} is short, the same one a single byte. */
  void writeInstant(Instant instant, Instant base) {
    long seconds = instant.getEpochSecond() - base.getEpochSecond();
    int nanos = instant.getNano();
    boolean hasOwnNanos = nanos != base.getNano();
    writeSigned(seconds << 1 | (hasOwnNanos ? 1 : 0));
    if (hasOwnNanos) {
      writeNumber(nanos);
    }
  }
}
