package io.dtm.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * Reads HTTP/1.1 messages, requests or replies, one after the other from a socket that has no more
 * than it has. Knows as much of HTTP as servers and clients of transactions use. Not thread-safe.
 */
final class HttpMessageReader {
  private static final int BYTES_FIRST = 2_048;
  private static final int BYTES_MAX = 1 << 20;
  private static final String LENGTH = "content-length:";
  private static final String CHUNKED = "transfer-encoding: chunked";

  private byte[] bytes = new byte[BYTES_FIRST];
  private int length;
  private int bodyStart;

  /** Where the message ends; 0 until that is known. */
  private int end;

  /** Takes what is there; false at the end of the stream. */
  boolean readFrom(ReadableByteChannel channel) throws IOException {
    if (length == bytes.length) {
      if (length == BYTES_MAX) {
        throw new IOException("a message of more than %d bytes".formatted(BYTES_MAX));
      }
      bytes = Arrays.copyOf(bytes, Math.min(BYTES_MAX, 2 * length));
    }
    int read = channel.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
    if (read < 0) {
      return false;
    }
    length += read;
    return true;
  }

  /** Whether a whole message is there. */
  boolean isComplete() throws IOException {
    if (bodyStart == 0) {
      bodyStart = headEnd();
    }
    if (bodyStart > 0 && end == 0) {
      end = messageEnd();
    }
    return end > 0 && end <= length;
  }

  /** Of a complete message: {@code POST /submit HTTP/1.1}, {@code HTTP/1.1 200 OK}. */
  String startLine() {
    int lineEnd = 0;
    while (bytes[lineEnd] != '\r') {
      lineEnd++;
    }
    return new String(bytes, 0, lineEnd, ISO_8859_1);
  }

  /** Of a complete message, with the lengths of its chunks if it has any. */
  String body() {
    return new String(bytes, bodyStart, end - bodyStart, UTF_8);
  }

  /** Goes on to the message behind the complete one. */
  void next() {
    System.arraycopy(bytes, end, bytes, 0, length - end);
    length -= end;
    bodyStart = 0;
    end = 0;
  }

  private int headEnd() {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private int messageEnd() throws IOException {
    var head = new String(bytes, 0, bodyStart, ISO_8859_1);
    if (contains(head, CHUNKED)) {
      return chunksEnd(bodyStart);
    }
    int at = indexOf(head, LENGTH);
    if (at < 0) {
      return bodyStart;
    }
    int lineEnd = head.indexOf('\r', at);
    var number = head.substring(at + LENGTH.length(), lineEnd).strip();
    try {
      return bodyStart + Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw new IOException("content-length: %s (expected: a number)".formatted(number), e);
    }
  }

  /** Behind the last chunk; 0 when that is not there yet. */
  private int chunksEnd(int first) throws IOException {
    int at = first;
    while (true) {
      int lineEnd = at;
      while (lineEnd < length && bytes[lineEnd] != '\n') {
        lineEnd++;
      }
      if (lineEnd >= length) {
        return 0;
      }
      var digits = new String(bytes, at, lineEnd - at, ISO_8859_1).strip();
      try {
        int size = Integer.parseInt(digits, 16);
        at = lineEnd + 1 + size + 2;
        if (size == 0) {
          return at;
        }
      } catch (NumberFormatException e) {
        throw new IOException("length of a chunk: %s (expected: hex)".formatted(digits), e);
      }
      if (at > length) {
        return 0;
      }
    }
  }

  private static boolean contains(String head, String lowerCase) {
    return indexOf(head, lowerCase) >= 0;
  }

  private static int indexOf(String head, String lowerCase) {
    for (int i = 0; i <= head.length() - lowerCase.length(); i++) {
      if (head.regionMatches(true, i, lowerCase, 0, lowerCase.length())) {
        return i;
      }
    }
    return -1;
  }
}
