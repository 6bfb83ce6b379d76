package interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import pub.dtm.client.DtmClient;
import pub.dtm.client.saga.Saga;

/**
 * Runs the published Java client against a server, with a business service of its own. Prints one
 * line per scenario and fails when one of them does.
 */
public final class Main {
  private static final Duration FINAL_WITHIN = Duration.ofSeconds(45);
  private static final String SAGA_SUCCEEDED =
      "01 compensate prepared, 01 action succeed, 02 compensate prepared, 02 action succeed";
  private static final String SAGA_ROLLED_BACK =
      "01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action failed";
  private static final String TCC_CONFIRMED =
      "01 cancel prepared, 01 confirm succeed, 02 cancel prepared, 02 confirm succeed";
  private static final String TCC_CANCELLED =
      "01 cancel succeed, 01 confirm prepared, 02 cancel succeed, 02 confirm prepared";
  private static final Map<String, Integer> MOVED =
      Map.of("out", -Ledger.AMOUNT, "in", Ledger.AMOUNT);
  private static final Map<String, Integer> UNCHANGED = Map.of("out", 0, "in", 0);

  private final String dtm;
  private final DtmClient client;
  private final Accounts accounts;
  private final Business business;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();

  interface Scenario {
    void run(String gid) throws Exception;
  }

  private Main(String base, String database, int port) throws Exception {
    dtm = base + "/api/dtmsvr";
    client = new DtmClient(URI.create(base).getAuthority());
    accounts = database == null ? null : new Accounts(database);
    business = new Business(accounts, port);
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> flags = new LinkedHashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      flags.put(args[i], args[i + 1]);
    }
    String base = flags.getOrDefault("--http", "http://127.0.0.1:36789");
    int port = Integer.parseInt(flags.getOrDefault("--http-port", "0"));
    String database = flags.getOrDefault("--db", "").isEmpty() ? null : flags.get("--db");
    System.exit(new Main(base, database, port).runAll() ? 0 : 1);
  }

  private boolean runAll() throws Exception {
    Map<String, Scenario> scenarios = new LinkedHashMap<>();
    scenarios.put("saga.success", this::sagaSuccess);
    scenarios.put("saga.rollback", this::sagaRollback);
    scenarios.put("saga.retry", this::sagaRetry);
    scenarios.put("saga.ordered", this::sagaOrdered);
    scenarios.put("saga.wait", this::sagaWait);
    scenarios.put("saga.headers", this::sagaHeaders);
    scenarios.put("saga.repeated", this::sagaRepeated);
    scenarios.put("tcc.success", this::tccSuccess);
    scenarios.put("tcc.rollback", this::tccRollback);
    scenarios.put("tcc.retry", this::tccRetry);
    scenarios.put("barrier.saga", this::barrierSaga);
    scenarios.put("barrier.saga-rollback", this::barrierSagaRollback);
    scenarios.put("barrier.tcc", this::barrierTcc);
    scenarios.put("barrier.tcc-rollback", this::barrierTccRollback);

    var pool = Executors.newCachedThreadPool();
    List<Future<Boolean>> results = new ArrayList<>();
    scenarios.forEach(
        (name, scenario) -> results.add(pool.submit((Callable<Boolean>) () -> run(name, scenario))));
    boolean passed = true;
    for (Future<Boolean> result : results) {
      passed &= result.get();
    }
    return passed;
  }

  private boolean run(String name, Scenario scenario) {
    boolean onDatabase = name.startsWith("barrier.");
    if (onDatabase && accounts == null) {
      System.out.println("skip java " + name + ": no database");
      return true;
    }
    try {
      String gid = get("/newGid").get("gid").asText();
      if (onDatabase) {
        accounts.open(gid);
      }
      scenario.run(gid);
      System.out.println("ok java " + name);
      return true;
    } catch (Exception | AssertionError e) {
      System.out.println("FAIL java " + name + ": " + String.valueOf(e.getMessage()).replace('\n', ' '));
      return false;
    }
  }

  private Saga saga(String gid, String kind) {
    return client
        .newSaga(gid)
        .add(business.url(kind, "out"), business.url(kind, "out"), Map.of("amount", Ledger.AMOUNT))
        .add(business.url(kind, "in"), business.url(kind, "in"), Map.of("amount", Ledger.AMOUNT));
  }

  /** The client's own setter calls itself until the stack is full. */
  private static Saga quick(Saga saga) throws ReflectiveOperationException {
    var interval = Saga.class.getDeclaredField("retryInterval");
    interval.setAccessible(true);
    interval.setLong(saga, 1);
    return saga;
  }

  private void sagaSuccess(String gid) throws Exception {
    require(gid.equals(saga(gid, "memory").submit()), "another gid");
    expect(gid, "succeed", "out.action in.action", SAGA_SUCCEEDED, MOVED);
  }

  private void sagaRollback(String gid) throws Exception {
    business.ledger(gid).plan("in.action", "FAILURE");
    saga(gid, "memory").submit();
    String calls = "out.action in.action in.compensate out.compensate";
    expect(gid, "failed", calls, SAGA_ROLLED_BACK, UNCHANGED);
  }

  private void sagaRetry(String gid) throws Exception {
    business.ledger(gid).plan("in.action", "ERROR", "ONGOING");
    quick(saga(gid, "memory")).submit();
    expect(gid, "succeed", "out.action in.action in.action in.action", SAGA_SUCCEEDED, MOVED);
  }

  private void sagaOrdered(String gid) throws Exception {
    saga(gid, "memory").enableConcurrent().addBranchOrder(1, List.of(0)).submit();
    expect(gid, "succeed", "out.action in.action", SAGA_SUCCEEDED, MOVED);
  }

  private void sagaWait(String gid) throws Exception {
    business.ledger(gid).plan("in.action", "FAILURE");
    requireError(() -> saga(gid, "memory").enableWaitResult().submit());
    String calls = "out.action in.action in.compensate out.compensate";
    expect(gid, "failed", calls, SAGA_ROLLED_BACK, UNCHANGED);
  }

  private void sagaHeaders(String gid) throws Exception {
    Saga saga = saga(gid, "memory");
    saga.getBranchHeaders().put("Test-Header", "kept");
    saga.submit();
    expect(gid, "succeed", "out.action in.action", SAGA_SUCCEEDED, MOVED);
    var headers = business.ledger(gid).headers();
    require(headers.equals(List.of("kept", "kept")), "headers " + headers);
  }

  private void sagaRepeated(String gid) throws Exception {
    saga(gid, "memory").submit();
    expect(gid, "succeed", "out.action in.action", SAGA_SUCCEEDED, MOVED);
    requireError(() -> saga(gid, "memory").submit());
    expect(gid, "succeed", "out.action in.action", SAGA_SUCCEEDED, MOVED);
  }

  private void tcc(String gid, String kind) throws Exception {
    client.tccGlobalTransaction(
        gid,
        tcc -> {
          for (String who : List.of("out", "in")) {
            String url = business.url(kind, who);
            tcc.callBranch(Map.of("amount", Ledger.AMOUNT), url, url, url).close();
          }
        });
  }

  private void tccSuccess(String gid) throws Exception {
    tcc(gid, "memory");
    expect(gid, "succeed", "out.try in.try in.confirm out.confirm", TCC_CONFIRMED, MOVED);
  }

  private void tccRollback(String gid) throws Exception {
    business.ledger(gid).plan("in.try", "FAILURE");
    requireError(() -> tcc(gid, "memory"));
    expect(gid, "failed", "out.try in.try in.cancel out.cancel", TCC_CANCELLED, UNCHANGED);
  }

  private void tccRetry(String gid) throws Exception {
    business.ledger(gid).plan("in.confirm", "ONGOING");
    tcc(gid, "memory");
    String calls = "out.try in.try in.confirm in.confirm out.confirm";
    expect(gid, "succeed", calls, TCC_CONFIRMED, MOVED);
  }

  private void barrierSaga(String gid) throws Exception {
    business.ledger(gid).plan("out.action", "LOST");
    quick(saga(gid, "barrier")).submit();
    expect(gid, "succeed", "out.action out.action in.action", SAGA_SUCCEEDED, MOVED);
  }

  /** This barrier does not see that an action never ran, so the step that fails has none. */
  private void barrierSagaRollback(String gid) throws Exception {
    business.ledger(gid).plan("in.action", "FAILURE").plan("out.compensate", "LOST");
    String in = business.url("memory", "in");
    Saga saga = client.newSaga(gid);
    saga.add(business.url("barrier", "out"), business.url("barrier", "out"), Map.of());
    quick(saga.add(in, in, Map.of())).submit();
    String calls = "out.action in.action in.compensate out.compensate out.compensate";
    expect(gid, "failed", calls, SAGA_ROLLED_BACK, UNCHANGED);
  }

  private void barrierTcc(String gid) throws Exception {
    tcc(gid, "barrier");
    expect(gid, "succeed", "out.try in.try in.confirm out.confirm", TCC_CONFIRMED, MOVED);
  }

  private void barrierTccRollback(String gid) throws Exception {
    business.ledger(gid).plan("in.try", "FAILURE");
    requireError(() -> tcc(gid, "barrier"));
    expect(gid, "failed", "out.try in.try in.cancel out.cancel", TCC_CANCELLED, UNCHANGED);
  }

  private void expect(
      String gid, String status, String calls, String branches, Map<String, Integer> changes)
      throws Exception {
    Ledger ledger = business.ledger(gid);
    JsonNode found = awaitEnd(gid);
    String got = found.at("/transaction/status").asText();
    require(got.equals(status), "status " + got + " (expected: " + status + "), " + ledger.calls());
    require(ledger.calls().equals(calls), "calls " + ledger.calls() + " (expected: " + calls + ")");
    List<String> rows = new ArrayList<>();
    for (JsonNode row : found.get("branches")) {
      rows.add("%s %s %s".formatted(row.get("branch_id").asText(), row.get("op").asText(), row.get("status").asText()));
    }
    String joined = String.join(", ", rows);
    require(joined.equals(branches), "branches " + joined + " (expected: " + branches + ")");
    Map<String, Integer> changed = ledger.balances();
    if (accounts != null && accounts.changes(gid).get("out") != null) {
      changed = accounts.changes(gid);
    }
    require(changed.equals(changes), "balances changed by " + changed);
  }

  private JsonNode awaitEnd(String gid) throws Exception {
    Instant deadline = Instant.now().plus(FINAL_WITHIN);
    while (true) {
      JsonNode found = get("/query?gid=" + gid);
      String status = found.at("/transaction/status").asText();
      if (status.equals("succeed") || status.equals("failed")) {
        return found;
      }
      require(Instant.now().isBefore(deadline), "still " + status + ", calls " + business.ledger(gid).calls());
      Thread.sleep(50);
    }
  }

  private JsonNode get(String path) throws Exception {
    var response = http.send(HttpRequest.newBuilder(URI.create(dtm + path)).build(), BodyHandlers.ofString());
    require(response.statusCode() == 200, path + ": " + response.statusCode() + " " + response.body());
    return mapper.readTree(response.body());
  }

  private static void require(boolean claim, String why) {
    if (!claim) {
      throw new AssertionError(why);
    }
  }

  private static void requireError(Callable<?> act) {
    try {
      act.call();
    } catch (Exception expected) {
      return;
    }
    throw new AssertionError("no error (expected: one)");
  }

  private static void requireError(Ledger.Work act) {
    requireError(
        () -> {
          act.run();
          return null;
        });
  }
}
