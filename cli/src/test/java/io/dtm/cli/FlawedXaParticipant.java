package io.dtm.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.client.BranchRequest;
import io.dtm.client.TransactionClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A participant of XA with one balance, from which each branch takes 30, that breaks one rule. */
final class FlawedXaParticipant implements AutoCloseable {
  enum Flaw {
    NONE,
    ACTION_WORKS_AT_ONCE,
    ACTION_PREPARES_TWICE,
    COMMIT_WORKS_TWICE,
    ROLLBACK_DOES_NOTHING,
    ROLLBACK_WITHOUT_ACTION_FAILS,
    ACTION_AFTER_ROLLBACK_PREPARES
  }

  private final Flaw flaw;
  private final TransactionClient manager;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Long> prepared = new HashMap<>();
  private final Set<String> acted = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private long balance = 1_000;

  FlawedXaParticipant(Flaw flaw, TransactionClient manager) throws IOException {
    this.flaw = flaw;
    this.manager = manager;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/xa", this::answer);
    server.createContext("/state", this::state);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
  }

  private void state(HttpExchange exchange) throws IOException {
    synchronized (this) {
      reply(exchange, 200, "{\"balance\":%d}".formatted(balance));
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    var request = BranchRequest.fromQuery(exchange.getRequestURI().getRawQuery());
    int status;
    synchronized (this) {
      status =
          switch (request.operation()) {
            case "action" -> act(request);
            case "commit" -> commit(request.gid());
            case "rollback" -> rollBack(request.gid());
            default -> 400;
          };
    }
    reply(exchange, status, "");
  }

  private int act(BranchRequest request) {
    var gid = request.gid();
    if (ended.contains(gid) && flaw != Flaw.ACTION_AFTER_ROLLBACK_PREPARES) {
      return 409;
    }
    if (!acted.add(gid) && flaw != Flaw.ACTION_PREPARES_TWICE) {
      return 200;
    }
    manager.registerXaBranch(request);
    if (flaw == Flaw.ACTION_WORKS_AT_ONCE) {
      balance -= 30;
      return 200;
    }
    prepared.merge(gid, 30L, Long::sum);
    return 200;
  }

  private int commit(String gid) {
    var amount = prepared.getOrDefault(gid, 0L);
    balance -= amount;
    if (flaw != Flaw.COMMIT_WORKS_TWICE) {
      prepared.remove(gid);
    }
    return 200;
  }

  private int rollBack(String gid) {
    if (flaw == Flaw.ROLLBACK_WITHOUT_ACTION_FAILS && !acted.contains(gid)) {
      return 500;
    }
    ended.add(gid);
    if (flaw != Flaw.ROLLBACK_DOES_NOTHING) {
      prepared.remove(gid);
    }
    return 200;
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
