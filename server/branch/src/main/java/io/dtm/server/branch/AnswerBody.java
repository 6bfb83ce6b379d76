package io.dtm.server.branch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The bytes of an answer, up to a limit. */
final class AnswerBody {
  /** Result words are looked for in so much of an answer; what comes after it is not read. */
  static final int BYTES_MAX = 1024 * 1024;

  /** So much of an answer goes into messages, which are stored with the transaction. */
  static final int MESSAGE_BYTES_MAX = 64 * 1024;

  /** Up to this, an answer is read at once. */
  private static final int USUAL_BYTES = 16 * 1024;

  private static final AnswerBody EMPTY = new AnswerBody(new byte[0], true);

  private final byte[] bytes;
  private final boolean whole;

  private AnswerBody(byte[] bytes, boolean whole) {
    this.bytes = bytes;
    this.whole = whole;
  }

  static AnswerBody empty() {
    return EMPTY;
  }

  /**
   * Reads to the end or to the limit, whichever comes first.
   *
   * @param length what the sender says the length is; negative: unknown
   * @param turns for what is longer than usual
   */
  static AnswerBody read(InputStream raw, long length, boolean gzipped, LargeAnswers turns)
      throws IOException {
    if (length == 0) {
      return raw.read() < 0 ? EMPTY : new AnswerBody(new byte[0], false);
    }
    var in = gzipped ? new GZIPInputStream(raw) : raw;
    var isKnown = length > 0 && length <= USUAL_BYTES && !gzipped;
    byte[] bytes = isKnown ? readExpected(in, (int) length) : readUnknown(in, turns);
    // Only a stream that was read to its end gives its connection back for the next request.
    return new AnswerBody(bytes, in.read() < 0 && raw.read() < 0);
  }

  private static byte[] readUnknown(InputStream in, LargeAnswers turns) throws IOException {
    byte[] first = in.readNBytes(USUAL_BYTES);
    if (first.length < USUAL_BYTES) {
      return first;
    }
    byte[] rest = turns.read(in, BYTES_MAX - first.length);
    byte[] bytes = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, bytes, first.length, rest.length);
    return bytes;
  }

  private static byte[] readExpected(InputStream raw, int expected) throws IOException {
    byte[] bytes = new byte[expected];
    int count = raw.readNBytes(bytes, 0, expected);
    return count == expected ? bytes : Arrays.copyOf(bytes, count);
  }

  /** Whether this is all of the answer. */
  boolean isWhole() {
    return whole;
  }

  /** Not to be written to. */
  byte[] bytes() {
    return bytes;
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
