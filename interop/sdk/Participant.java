package interop.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.barrier.Barrier;
import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.BarrierWork;
import io.dtm.barrier.PreparedState;
import io.dtm.barrier.SqlDialect;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.workflow.Workflow;
import io.dtm.workflow.Workflows;
import io.dtm.xa.XaBranchBusy;
import io.dtm.xa.XaConnections;
import io.dtm.xa.XaOutcome;
import io.dtm.xa.XaParticipant;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * A participant that uses the product's own barrier, on the tables of the Go program: /barrier/ACCOUNT, /xa/ACCOUNT, /prepared and /workflow,
 * with the accounts "out" and "in". {@code ?answer=FAILURE} has an action refused; {@code ?phase2=URL} has another service end an XA
 * branch. Prints its address and runs until it is ended.
 */
public final class Participant {
  private static final int AMOUNT = 30;
  private static final int THREADS = 64;

  private final MariaDbDataSource database;
  private final XaParticipant xa;
  private final HttpClient http = HttpClient.newHttpClient();

  private Participant(String address) throws SQLException {
    database =
        new MariaDbDataSource(
            "jdbc:mariadb://" + address + "/dtm_busi?user=busi&password=busi&sslMode=disable");
    xa = XaParticipant.of(XaConnections.of(database), BarrierTable.of(SqlDialect.MYSQL));
  }

  public static void main(String[] arguments) throws Exception {
    var participant = new Participant(arguments[0]);
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.createContext("/", participant::answer);
    server.start();
    System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var parameters = parameters(exchange.getRequestURI());
      var parts = exchange.getRequestURI().getPath().split("/");
      int status;
      var text = "{}";
      try {
        status = carryOut(parts[1], parts[parts.length - 1], parameters);
      } catch (XaBranchBusy e) {
        status = 425;
        text = e.getMessage();
      } catch (Exception e) {
        e.printStackTrace();
        status = 500;
        text = String.valueOf(e.getMessage());
      }
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private int carryOut(String kind, String account, Map<String, String> parameters) throws Exception {
    var op = parameters.getOrDefault("op", "");
    if (parameters.containsKey("answer") && (op.equals("action") || op.equals("try"))) {
      return 409;
    }
    switch (kind) {
      case "barrier":
        Barrier.from(parameters).run(database, move(parameters.get("gid"), account, op));
        return 200;
      case "prepared":
        return Barrier.from(parameters).queryPrepared(database) == PreparedState.COMMITTED ? 200 : 409;
      case "workflow":
        return runWorkflow(parameters);
      case "xa":
        var outcome =
            xa.handle(parameters, move(parameters.get("gid"), account, "action"), () -> register(parameters));
        return outcome == XaOutcome.TOO_LATE ? 409 : 200;
      default:
        return 404;
    }
  }

  /** A workflow whose first step is the other service's, and whose second is done here. */
  private int runWorkflow(Map<String, String> parameters) {
    var out = parameters.get("out");
    var transfer =
        Workflow.of(
            "transfer",
            Payload.class,
            (workflow, nothing) -> {
              workflow.branch("out").onRollback(out, Map.of("amount", AMOUNT)).call(out, Map.of("amount", AMOUNT));
              workflow.branch("in").onRollback(this::moveIn).step(
                  branch -> {
                    if (parameters.containsKey("refuse")) {
                      throw new BranchRefused("account frozen");
                    }
                    moveIn(branch);
                  });
            });
    var workflows =
        Workflows.builder(TransactionClient.of(parameters.get("dtm"))).resumeAt(parameters.get("resume")).add(transfer).build();
    return workflows
        .execute(transfer, parameters.get("gid"), Payload.empty())
        .<Integer>fold(succeeded -> 200, rolledBack -> 409, pending -> 425);
  }

  private void moveIn(BranchRequest branch) throws SQLException {
    Barrier.from(branch.parameters()).run(database, move(branch.gid(), "in", branch.operation()));
  }

  private static BarrierWork<SQLException> move(String gid, String account, String op) {
    int amount = account.equals("out") ? -AMOUNT : AMOUNT;
    int balance = Map.of("action", amount, "compensate", -amount, "rollback", -amount, "confirm", amount).getOrDefault(op, 0);
    int held = Map.of("try", amount, "confirm", -amount, "cancel", -amount).getOrDefault(op, 0);
    return connection -> {
      try (var statement =
          connection.prepareStatement("update account set balance = balance + ?, held = held + ? where name = ?")) {
        statement.setInt(1, balance);
        statement.setInt(2, held);
        statement.setString(3, gid + "-" + account);
        if (statement.executeUpdate() != 1) {
          throw new SQLException("no account " + gid + "-" + account);
        }
      }
    };
  }

  private void register(Map<String, String> parameters) {
    var url = parameters.getOrDefault("phase2", parameters.get("phase2_url"));
    var body =
        "{\"gid\":\"%s\",\"trans_type\":\"xa\",\"branch_id\":\"%s\",\"url\":\"%s\"}"
            .formatted(parameters.get("gid"), parameters.get("branch_id"), url);
    var request =
        HttpRequest.newBuilder(URI.create(parameters.get("dtm") + "/registerBranch"))
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      var reply = http.send(request, BodyHandlers.ofString());
      if (reply.statusCode() != 200) {
        throw new IllegalStateException("registerBranch: " + reply.statusCode() + " " + reply.body());
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("registerBranch: " + e, e);
    }
  }

  private static Map<String, String> parameters(URI uri) {
    var parameters = new HashMap<String, String>();
    if (uri.getRawQuery() != null) {
      for (var pair : uri.getRawQuery().split("&")) {
        var parts = pair.split("=", 2);
        parameters.put(parts[0], URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }
}
