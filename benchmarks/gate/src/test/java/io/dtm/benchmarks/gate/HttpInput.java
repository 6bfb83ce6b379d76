package io.dtm.benchmarks.gate;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Messages of HTTP/1.1 that say how long they are, one after another; no more of the protocol than
 * a measurement needs. Not thread-safe.
 */
final class HttpInput {
  private static final String LENGTH = "content-length:";

  private final BufferedInputStream in;
  private final StringBuilder line = new StringBuilder();
  private String start = "";

  HttpInput(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** Reads one message; false: the other side has ended the connection. */
  boolean skipMessage() throws IOException {
    if (!readLine()) {
      return false;
    }
    start = line.toString();
    int length = 0;
    while (readLine() && !line.isEmpty()) {
      var header = line.toString().toLowerCase(Locale.ROOT);
      if (header.startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    in.skipNBytes(length);
    return true;
  }

  /** The first line of the message that was read last. */
  String start() {
    return start;
  }

  private boolean readLine() throws IOException {
    line.setLength(0);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        if (line.isEmpty()) {
          return false;
        }
        throw new EOFException("connection ended after \"" + line + "\"");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return true;
  }
}
