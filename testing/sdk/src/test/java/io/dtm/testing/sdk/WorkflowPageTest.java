package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.barrier.Barrier;
import io.dtm.barrier.SqlDialect;
import io.dtm.client.BranchRefused;
import io.dtm.client.TransactionClient;
import io.dtm.sdk.grpc.ParticipantInterceptor;
import io.dtm.sdk.grpc.WorkflowService;
import io.dtm.workflow.Workflow;
import io.dtm.workflow.WorkflowContext;
import io.dtm.workflow.WorkflowResult.Succeeded;
import io.dtm.workflow.Workflows;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of {@code docs/java/workflow.md}. */
@Timeout(60)
class WorkflowPageTest {
  /** What is bought. */
  record Order(String item, int amount) {}

  /** What the buyer gets. */
  record Receipt(String number) {}

  private static World world;
  private final String bank = world.participant.address(Way.HTTP, "bank");
  private final TransactionClient client = world.client(Way.HTTP);
  private final List<String> stock = new CopyOnWriteArrayList<>();

  private Receipt order(WorkflowContext workflow, Order order) {
    // page: begin
    var number = workflow.step("number", String.class, branch -> nextNumber());
    workflow.branch("reserve").onRollback(branch -> release(order)).step(branch -> reserve(order));
    workflow.tcc("pay", bank + "/try", bank + "/confirm", bank + "/cancel", order);
    workflow.call("notify", bank + "/notify", order);
    return new Receipt(number);
    // page: end
  }

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void anOrderIsCarriedOut() {
    var told = buy("http://127.0.0.1:1/workflows", client.newGid(), new Order("tea", 30));

    assertThat(told).isEqualTo("ordered as 4711");
    assertThat(stock).containsExactly("-tea");
  }

  @Test
  void anOrderThatIsRefusedIsUndone() {
    var told = buy("http://127.0.0.1:1/workflows", client.newGid(), new Order("nothing", 30));

    assertThat(told).isEqualTo("undone, because sold out: nothing");
    assertThat(stock).isEmpty();
  }

  private String buy(String url, String gid, Order tea) {
    // page: begin
    var order = Workflow.of("order", Order.class, Receipt.class, this::order);
    var workflows = Workflows.builder(client).resumeAt(url).add(order).build();
    // page: end
    // page: begin
    var result = workflows.execute(order, gid, tea);
    return result.fold(
        succeeded -> "ordered as " + succeeded.value().number(),
        rolledBack -> "undone, because " + rolledBack.reason(),
        pending -> "not decided yet: " + pending.cause().getMessage());
    // page: end
  }

  @Test
  void aStepInADatabaseTakesEffectOnce() throws SQLException {
    var database = new JdbcDataSource();
    database.setUrl("jdbc:h2:mem:workflow-page;DB_CLOSE_DELAY=-1");
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(SqlDialect.H2.createScript());
    }
    var workflow =
        Workflow.of("guarded", Order.class, (context, tea) -> guarded(context, database, tea));

    var result =
        Workflows.builder(client)
            .resumeAt("http://127.0.0.1:1/workflows")
            .add(workflow)
            .build()
            .execute(workflow, client.newGid(), new Order("tea", 30));

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(stock).containsExactly("-tea");
  }

  private void guarded(WorkflowContext workflow, DataSource database, Order tea) {
    // page: begin
    workflow
        .branch("reserve")
        .onRollback(branch ->
            Barrier.from(branch.parameters()).run(database, connection -> give(connection, tea)))
        .step(branch ->
            Barrier.from(branch.parameters()).run(database, connection -> take(connection, tea)));
    // page: end
  }

  private void answer(HttpExchange exchange, Workflows workflows) throws IOException {
    // page: begin
    var reply =
        workflows.resume(
            exchange.getRequestURI().getRawQuery(), exchange.getRequestBody().readAllBytes());
    var body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", reply.contentType());
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
    // page: end
  }

  @Test
  void aServerMayResumeItOverHttp() throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    var url = "http://127.0.0.1:%d/workflows".formatted(server.getAddress().getPort());
    var order = Workflow.of("order", Order.class, Receipt.class, this::order);
    var workflows = Workflows.builder(client).resumeAt(url).add(order).build();
    server.createContext("/workflows", exchange -> answer(exchange, workflows));
    server.start();
    world.participant.once("bank/notify", Participant.breakDown());
    try {
      var gid = client.newGid();
      workflows.execute(order, gid, new Order("tea", 30));

      assertThat(Retries.untilTheEnd(client, gid).isFinal()).isTrue();
      assertThat(stock).containsExactly("-tea");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerMayResumeItOverGrpc() throws IOException {
    var workflows =
        Workflows.builder(world.client(Way.GRPC))
            .resumeAt(WorkflowService.address("127.0.0.1:1"))
            .build();
    var server = serve(workflows, 0);

    assertThat(server.getServices())
        .extracting(service -> service.getServiceDescriptor().getName())
        .containsExactly("workflow.Workflow");
    server.shutdownNow();
  }

  private static Server serve(Workflows workflows, int port) throws IOException {
    // page: begin
    return Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
        .addService(new WorkflowService(workflows::resume))
        .intercept(new ParticipantInterceptor())
        .build()
        .start();
    // page: end
  }

  private String nextNumber() {
    return "4711";
  }

  private void reserve(Order what) {
    if (what.item().equals("nothing")) {
      throw new BranchRefused("sold out: " + what.item());
    }
    stock.add("-" + what.item());
  }

  private void release(Order what) {
    stock.add("+" + what.item());
  }

  private void take(Connection connection, Order what) throws SQLException {
    assertThat(connection.getAutoCommit()).isFalse();
    stock.add("-" + what.item());
  }

  private void give(Connection connection, Order what) throws SQLException {
    assertThat(connection.getAutoCommit()).isFalse();
    stock.add("+" + what.item());
  }
}
