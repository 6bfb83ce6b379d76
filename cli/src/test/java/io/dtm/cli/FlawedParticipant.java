package io.dtm.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A participant with one balance that breaks one rule: {@code /forward} takes 30, {@code /undo}
 * gives them back, {@code /settle} counts, {@code /state} shows both.
 */
final class FlawedParticipant implements AutoCloseable {
  /** How long two calls at once wait for each other; one alone waits in vain. */
  private static final long RENDEZVOUS_MILLIS = 50;

  private final Flaw flaw;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Entry> journal = ConcurrentHashMap.newKeySet();
  private final Map<Entry, CountDownLatch> meetings = new ConcurrentHashMap<>();
  private long balance = 1_000;
  private long settled;

  enum Flaw {
    NONE,
    FORWARD_WORKS_TWICE,
    REPETITION_IS_REFUSED,
    FORWARD_LOOKS_BEFORE_IT_LOCKS,
    SETTLE_WORKS_TWICE,
    UNDO_DOES_NOTHING,
    UNDO_WORKS_TWICE,
    UNDO_WITHOUT_FORWARD_WORKS,
    UNDO_WITHOUT_FORWARD_FAILS,
    FORWARD_AFTER_UNDO_WORKS
  }

  private record Entry(String gid, String path) {}

  record Reply(int status, String text) {}

  private static final Reply DONE = new Reply(200, "{\"dtm_result\":\"SUCCESS\"}");

  FlawedParticipant(Flaw flaw) throws IOException {
    this.flaw = flaw;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var reply = path.equals("/state") ? state() : carryOut(path, gid(exchange));
      var bytes = reply.text().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private synchronized Reply state() {
    return new Reply(200, "{\"balance\":%d,\"settled\":%d}".formatted(balance, settled));
  }

  private static String gid(HttpExchange exchange) {
    return Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]))
        .get("gid");
  }

  /** Carries out a call that came on whatever way. */
  Reply carryOut(String path, String gid) {
    var entry = new Entry(gid, path);
    if (path.equals("/forward") && flaw == Flaw.FORWARD_LOOKS_BEFORE_IT_LOCKS) {
      var wasKnown = journal.contains(entry);
      awaitAnother(entry);
      return carryOut(entry, wasKnown);
    }
    synchronized (this) {
      return carryOut(entry, journal.contains(entry));
    }
  }

  private void awaitAnother(Entry entry) {
    var meeting = meetings.computeIfAbsent(entry, one -> new CountDownLatch(2));
    meeting.countDown();
    try {
      var unused = meeting.await(RENDEZVOUS_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Reply carryOut(Entry entry, boolean isKnown) {
    journal.add(entry);
    return switch (entry.path()) {
      case "/forward" -> forward(entry, isKnown);
      case "/settle" -> settle(isKnown);
      case "/undo" -> undo(entry, isKnown);
      default -> new Reply(404, "no such call");
    };
  }

  private Reply forward(Entry entry, boolean isKnown) {
    var isUndone = journal.contains(new Entry(entry.gid(), "/undo"));
    if (isUndone) {
      balance -= flaw == Flaw.FORWARD_AFTER_UNDO_WORKS ? 30 : 0;
      return DONE;
    }
    if (isKnown && flaw == Flaw.REPETITION_IS_REFUSED) {
      return new Reply(409, "had that already");
    }
    balance -= !isKnown || flaw == Flaw.FORWARD_WORKS_TWICE ? 30 : 0;
    return DONE;
  }

  private Reply settle(boolean isKnown) {
    settled += !isKnown || flaw == Flaw.SETTLE_WORKS_TWICE ? 1 : 0;
    return DONE;
  }

  private Reply undo(Entry entry, boolean isKnown) {
    if (flaw == Flaw.UNDO_DOES_NOTHING || (isKnown && flaw != Flaw.UNDO_WORKS_TWICE)) {
      return DONE;
    }
    if (!journal.contains(new Entry(entry.gid(), "/forward"))) {
      balance += flaw == Flaw.UNDO_WITHOUT_FORWARD_WORKS ? 30 : 0;
      return flaw == Flaw.UNDO_WITHOUT_FORWARD_FAILS ? new Reply(500, "nothing to undo") : DONE;
    }
    balance += 30;
    return DONE;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
