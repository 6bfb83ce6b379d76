package io.dtm.server.branch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an answer, up to a limit. */
final class AnswerBody {
  /** Result words are looked for in so much of an answer; what comes after it is not read. */
  static final int BYTES_MAX = 1024 * 1024;

  /** So much of an answer goes into messages, which are stored with the transaction. */
  static final int MESSAGE_BYTES_MAX = 64 * 1024;

  private static final AnswerBody EMPTY = new AnswerBody(new byte[0]);

  private final byte[] bytes;

  private AnswerBody(byte[] bytes) {
    this.bytes = bytes;
  }

  static AnswerBody empty() {
    return EMPTY;
  }

  /**
   * Reads to the end or to the limit, whichever comes first.
   *
   * @param length what the sender says the length is; negative: unknown
   */
  static AnswerBody read(InputStream raw, long length, boolean gzipped) throws IOException {
    if (length == 0) {
      return EMPTY;
    }
    if (gzipped) {
      return readUnzipped(raw);
    }
    int expected = length < 0 || length > BYTES_MAX ? BYTES_MAX : (int) length;
    byte[] bytes = length < 0 ? raw.readNBytes(expected) : readExpected(raw, expected);
    if (bytes.length < BYTES_MAX || length == BYTES_MAX) {
      requireEnd(raw);
    }
    return new AnswerBody(bytes);
  }

  private static byte[] readExpected(InputStream raw, int expected) throws IOException {
    byte[] bytes = new byte[expected];
    int count = raw.readNBytes(bytes, 0, expected);
    return count == expected ? bytes : Arrays.copyOf(bytes, count);
  }

  private static AnswerBody readUnzipped(InputStream raw) throws IOException {
    var unzipped = new GZIPInputStream(raw);
    byte[] bytes = unzipped.readNBytes(BYTES_MAX);
    if (bytes.length < BYTES_MAX) {
      requireEnd(raw);
    }
    return new AnswerBody(bytes);
  }

  /** Only a stream that was read to its end gives its connection back for the next request. */
  private static void requireEnd(InputStream raw) throws IOException {
    if (raw.read() >= 0) {
      throw new IOException("the body goes on after its end");
    }
  }

  boolean contains(String word) {
    return bytes.length >= word.length() && new String(bytes, ISO_8859_1).contains(word);
  }

  /** The body as text for people, cut to {@link #MESSAGE_BYTES_MAX}. */
  String text() {
    if (bytes.length <= MESSAGE_BYTES_MAX) {
      return new String(bytes, UTF_8);
    }
    int end = MESSAGE_BYTES_MAX;
    while (isContinuation(bytes[end])) {
      end--;
    }
    return new String(bytes, 0, end, UTF_8) + "… (cut after %d bytes)".formatted(end);
  }

  private static boolean isContinuation(byte utf8) {
    return (utf8 & 0xC0) == 0x80;
  }
}
