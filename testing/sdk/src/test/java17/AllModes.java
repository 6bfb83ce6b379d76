import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.barrier.Barrier;
import io.dtm.barrier.PreparedState;
import io.dtm.barrier.SqlDialect;
import io.dtm.client.BranchRequest;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.sdk.grpc.GrpcTransactions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A program of somebody who has Java 17: a saga, a TCC and a message over HTTP and gRPC, with a
 * participant whose calls a barrier guards. {@code Java17Test} compiles and runs it.
 */
public final class AllModes {
  private final JdbcDataSource database = new JdbcDataSource();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final String bank;

  private AllModes() throws IOException, SQLException {
    database.setUrl("jdbc:h2:mem:bank;DB_CLOSE_DELAY=-1");
    execute(SqlDialect.H2.createScript() + "CREATE TABLE effect (op VARCHAR(20));");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    bank = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * @param arguments the address of the server over HTTP, and over gRPC
   */
  public static void main(String[] arguments) throws Exception {
    System.out.println("java " + Runtime.version().feature());
    var modes = new AllModes();
    try (var grpc = GrpcTransactions.of(arguments[1])) {
      modes.run("HTTP", TransactionClient.of(arguments[0]));
      modes.run("gRPC", grpc.client());
    }
    System.out.println("effects " + modes.effects());
    modes.repeatEveryCall();
    System.out.println("effects after every call was repeated " + modes.effects());
    modes.server.stop(0);
    modes.threads.shutdownNow();
  }

  private void run(String way, TransactionClient client) throws SQLException {
    tell(way, "saga", saga(client));
    tell(way, "tcc", tcc(client));
    tell(way, "message", message(client));
  }

  private static void tell(String way, String mode, TransactionResult result) {
    System.out.println(way + " " + mode + " " + result.getClass().getSimpleName());
  }

  private TransactionResult saga(TransactionClient client) {
    return client
        .saga()
        .step(bank + "/out", bank + "/out-back", Map.of("amount", 30))
        .step(bank + "/in", bank + "/in-back", Map.of("amount", 30))
        .waitForResult()
        .submit();
  }

  private TransactionResult tcc(TransactionClient client) {
    return client
        .tcc()
        .waitForResult()
        .run(branches ->
            branches.branch(bank + "/try", bank + "/confirm", bank + "/cancel", Map.of("n", 1)));
  }

  private TransactionResult message(TransactionClient client) throws SQLException {
    try (var connection = database.getConnection()) {
      return client
          .message()
          .step(bank + "/deliver", Map.of("n", 1))
          .waitForResult()
          .doAndSubmit(
              bank + "/committed", connection, Barrier::recordMessage, c -> note(c, "sent"));
    }
  }

  private void answer(HttpExchange call) throws IOException {
    var status = 200;
    try {
      status = serve(call.getRequestURI());
    } catch (SQLException e) {
      status = 500;
    }
    call.sendResponseHeaders(status, -1);
    call.close();
  }

  private int serve(URI uri) throws SQLException {
    calls.add(uri.toString());
    var request = BranchRequest.fromQuery(uri.getRawQuery());
    var barrier = Barrier.from(request.parameters());
    if (uri.getPath().equals("/committed")) {
      return barrier.queryPrepared(database) == PreparedState.COMMITTED ? 200 : 409;
    }
    barrier.run(database, connection -> note(connection, request.operation()));
    return 200;
  }

  private void repeatEveryCall() throws IOException, InterruptedException {
    var http = HttpClient.newHttpClient();
    for (var call : List.copyOf(calls)) {
      var request = HttpRequest.newBuilder(URI.create(bank + call)).build();
      var response = http.send(request, BodyHandlers.ofString(UTF_8));
      if (response.statusCode() != 200) {
        throw new IllegalStateException(call + ": " + response.statusCode());
      }
    }
  }

  private static void note(Connection connection, String op) throws SQLException {
    try (var statement = connection.prepareStatement("INSERT INTO effect VALUES (?)")) {
      statement.setString(1, op);
      statement.executeUpdate();
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int effects() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM effect")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
