package io.dtm.testing.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A real HTTP service that remembers, apart from any server, what it was asked to do. Paths that
 * begin with {@code /refuse} are refused, those with {@code /held} answered after a second, with
 * {@code /hanging} after a minute. Thread-safe.
 */
final class RecordingParticipant implements AutoCloseable {
  private static final Duration HOLD = Duration.ofSeconds(1);
  private static final Duration HANG = Duration.ofMinutes(1);

  private final HttpServer server;
  private final Map<String, Queue<Call>> callsByGid = new ConcurrentHashMap<>();
  private volatile int port;

  /**
   * One request.
   *
   * @param step branch and operation, such as {@code 01 action}
   * @param atNanos when it came in, by the JVM's own count
   */
  record Call(String step, long atNanos) {}

  RecordingParticipant() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    port = server.getAddress().getPort();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** From now on the addresses that it tells lead through there. */
  void isReachedThrough(int proxyPort) {
    port = proxyPort;
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /**
   * What was asked for one transaction, in order: branch and operation, such as {@code 01 action}.
   */
  List<String> calls(String gid) {
    return callsWithTimes(gid).stream().map(Call::step).toList();
  }

  /** Likewise, and when each was asked. */
  List<Call> callsWithTimes(String gid) {
    return List.copyOf(callsByGid.getOrDefault(gid, new ConcurrentLinkedQueue<>()));
  }

  /** How many calls there were, of all transactions. */
  long calls() {
    return callsByGid.values().stream().mapToLong(Queue::size).sum();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var query = exchange.getRequestURI().getQuery();
      callsByGid
          .computeIfAbsent(parameter(query, "gid"), gid -> new ConcurrentLinkedQueue<>())
          .add(
              new Call(
                  parameter(query, "branch_id") + " " + parameter(query, "op"), System.nanoTime()));
      var path = exchange.getRequestURI().getPath();
      if (path.startsWith("/held")) {
        LockSupport.parkNanos(HOLD.toNanos());
      } else if (path.startsWith("/hanging")) {
        LockSupport.parkNanos(HANG.toNanos());
      }
      boolean refuses = path.startsWith("/refuse");
      var body =
          "{\"dtm_result\":\"%s\"}"
              .formatted(refuses ? "FAILURE" : "SUCCESS")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(refuses ? 409 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String parameter(String query, String name) {
    for (var pair : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    throw new IllegalArgumentException("%s: not in %s".formatted(name, query));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
