package interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import pub.dtm.client.barrier.BranchBarrier;

/** The participants: /memory/out, /memory/in keep money in memory, /barrier/… in the database. */
final class Business {
  private final Accounts accounts;
  private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();
  private final HttpServer server;

  Business(Accounts accounts, int port) throws IOException {
    this.accounts = accounts;
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  String url(String kind, String who) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + kind + "/" + who;
  }

  Ledger ledger(String gid) {
    return ledgers.computeIfAbsent(gid, unknown -> new Ledger());
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    int status = 200;
    String result;
    try {
      result = handle(exchange);
    } catch (Exception e) {
      status = 500;
      result = e.getMessage();
    }
    // As the samples of this client do it: the result stands in the body of a 200.
    byte[] body = ("{\"dtm_result\":\"" + result + "\"}").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String handle(HttpExchange exchange) throws Exception {
    String[] path = exchange.getRequestURI().getPath().split("/");
    Map<String, String[]> query = query(exchange.getRequestURI().getRawQuery());
    String gid = query.get("gid")[0];
    String op = query.get("op")[0];
    String who = path[2];
    Ledger ledger = ledger(gid);
    String header = exchange.getRequestHeaders().getFirst("Test-Header");
    if (header != null) {
      ledger.header(header);
    }
    if (path[1].equals("memory")) {
      return ledger.handle(who + "." + op, () -> ledger.move(who, op));
    }
    return ledger.handle(who + "." + op, () -> guarded(query, gid, who, op));
  }

  private void guarded(Map<String, String[]> query, String gid, String who, String op)
      throws Exception {
    try (var connection = accounts.connect()) {
      new BranchBarrier(query)
          .call(connection, barrier -> accounts.move(connection, gid, who, op));
    }
  }

  private static Map<String, String[]> query(String raw) {
    Map<String, String[]> query = new HashMap<>();
    for (String pair : raw.split("&")) {
      String[] both = pair.split("=", 2);
      query.put(both[0], new String[] {URLDecoder.decode(both[1], StandardCharsets.UTF_8)});
    }
    return query;
  }
}
