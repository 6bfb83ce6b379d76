package io.dtm.benchmarks.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Socket;
import java.util.regex.Pattern;

/** How many scripts a Redis has run. Stateless. */
record RedisCounters(String host, int port) {
  private static final Pattern SCRIPTS = Pattern.compile("cmdstat_eval(?:sha)?:calls=([0-9]+)");

  /** Scripts that were run by their digest or with their text. */
  long scripts() throws IOException {
    try (var socket = new Socket(host, port)) {
      socket.getOutputStream().write("INFO commandstats\r\nQUIT\r\n".getBytes(US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      return SCRIPTS.matcher(answer).results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
    }
  }
}
