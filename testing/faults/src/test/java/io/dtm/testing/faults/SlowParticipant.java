package io.dtm.testing.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A real HTTP service that takes its time. Paths that begin with {@code /wordy} are answered with
 * an error of a megabyte. Thread-safe.
 */
final class SlowParticipant implements AutoCloseable {
  private static final byte[] DONE =
      "{\"dtm_result\":\"SUCCESS\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] MEGABYTE = new byte[1_000_000];

  static {
    Arrays.fill(MEGABYTE, (byte) 'w');
  }

  private final HttpServer server;
  private final Duration pause;

  SlowParticipant(Duration pause) throws IOException {
    this.pause = pause;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4_096);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      LockSupport.parkNanos(pause.toNanos());
      boolean isWordy = exchange.getRequestURI().getPath().startsWith("/wordy");
      var body = isWordy ? MEGABYTE : DONE;
      exchange.sendResponseHeaders(isWordy ? 500 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
