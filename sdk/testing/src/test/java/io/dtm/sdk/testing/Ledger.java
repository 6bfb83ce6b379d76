package io.dtm.sdk.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A participant with one account, for sagas ({@code /debit}, {@code /debitUndo}) and for TCCs
 * ({@code /hold}, {@code /take}, {@code /release}), each for 30. How well it is guarded against
 * calls that are repeated, late or out of order is up to the test.
 */
final class Ledger implements AutoCloseable {
  static final long OPENING = 1_000;
  static final long AMOUNT = 30;

  private static final Set<String> PATHS =
      Set.of("/debit", "/debitUndo", "/hold", "/take", "/release");

  private final Guard guard;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Entry> journal = new HashSet<>();
  private long balance = OPENING;
  private long held;

  /** What it remembers of the calls that it had. */
  enum Guard {
    /** Everything that the rule of the barrier asks for. */
    WHOLE,
    /** A repeated action works once more. */
    FORGETS_REPETITIONS,
    /** An undoing with nothing to undo leaves no trace, so the action may come after it. */
    FORGETS_NULL_UNDOING,
    /** An undoing gives back what was never taken. */
    UNDOES_NOTHING_DONE
  }

  private record Entry(String gid, String branchId, String operation) {}

  Ledger(Guard guard) throws IOException {
    this.guard = guard;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized void reset() {
    journal.clear();
    balance = OPENING;
    held = 0;
  }

  synchronized long balance() {
    return balance;
  }

  synchronized long held() {
    return held;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var query =
          Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
              .map(pair -> pair.split("=", 2))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> one));
      var path = exchange.getRequestURI().getPath();
      if (!PATHS.contains(path)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      carryOut(path, query);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private synchronized void carryOut(String path, Map<String, String> query) {
    var entry = new Entry(query.get("gid"), query.get("branch_id"), query.get("op"));
    var isNew = journal.add(entry);
    if (!isNew && (guard != Guard.FORGETS_REPETITIONS || isUndoing(path))) {
      return;
    }
    if (isUndoing(path) && !hasSomethingToUndo(entry)) {
      return;
    }
    switch (path) {
      case "/debit" -> balance -= AMOUNT;
      case "/debitUndo" -> balance += AMOUNT;
      case "/hold" -> {
        balance -= AMOUNT;
        held += AMOUNT;
      }
      case "/take" -> held -= AMOUNT;
      case "/release" -> {
        balance += AMOUNT;
        held -= AMOUNT;
      }
      default -> throw new IllegalArgumentException(path);
    }
  }

  private static boolean isUndoing(String path) {
    return path.equals("/debitUndo") || path.equals("/release");
  }

  private boolean hasSomethingToUndo(Entry undoing) {
    var forward = undoing.operation().equals("cancel") ? "try" : "action";
    var done = new Entry(undoing.gid(), undoing.branchId(), forward);
    return switch (guard) {
      case WHOLE, FORGETS_REPETITIONS -> !journal.add(done);
      case FORGETS_NULL_UNDOING -> journal.contains(done);
      case UNDOES_NOTHING_DONE -> {
        journal.add(done);
        yield true;
      }
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
