package io.dtm.testing.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.Saga;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of {@code docs/java/saga.md}. */
@Timeout(60)
class SagaPageTest {
  private static World world;
  private final TransactionClient client = world.client(Way.HTTP);
  private final String bank = world.participant.address(Way.HTTP, "bank");

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void aTransferIsASaga() {
    assertThat(transfer("order-1")).isEqualTo("transferred");
    assertThat(transfer("order-1")).isEqualTo("transferred");
  }

  private String transfer(String order) {
    // page: begin
    var result =
        client
            .saga(order)
            .step(bank + "/TransOut", bank + "/TransOutCompensate", Map.of("amount", 30))
            .step(bank + "/TransIn", bank + "/TransInCompensate", Map.of("amount", 30))
            .timeoutToFail(Duration.ofMinutes(10))
            .branchHeader("X-Tenant", "green")
            .waitForResult()
            .submit();

    return result.fold(
        accepted -> "on its way as " + accepted.gid(),
        succeeded -> "transferred",
        rolledBack -> "undone, because " + rolledBack.reason(),
        pending -> "not decided yet: " + pending.state().status());
    // page: end
  }

  @Test
  void stepsMayRunSideBySide() {
    // page: begin
    var saga =
        client
            .saga()
            .step(bank + "/BookFlight", bank + "/CancelFlight", Map.of("to", "Rome"))
            .step(bank + "/BookHotel", bank + "/CancelHotel", Map.of("in", "Rome"))
            .step(bank + "/SendTickets", Saga.NO_COMPENSATION, Map.of("to", "alice"))
            .concurrent()
            .after(2, 0, 1);
    // page: end

    assertThat(saga.waitForResult().submit()).isEqualTo(new Succeeded(saga.gid()));
    assertThat(world.participant.asked(saga.gid())).last().asString().contains("03 action");
  }

  @Test
  void nothingNeedsToBlock() {
    var saga = client.saga().step(bank + "/TransOut", Saga.NO_COMPENSATION);

    assertThat(submitted(saga).toCompletableFuture().join()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  private CompletionStage<TransactionStatus> submitted(Saga saga) {
    // page: begin
    return saga.submitAsync()
        .thenCompose(accepted -> client.waitForAsync(accepted.gid(), Duration.ofMinutes(1)))
        .thenApply(state -> state.status());
    // page: end
  }

  @Test
  void aParticipantAnswersByStatus() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/TransOut", this::transOut);
    server.start();
    try {
      var url = "http://127.0.0.1:%d/TransOut".formatted(server.getAddress().getPort());
      var saga = client.saga().step(url, Saga.NO_COMPENSATION, Map.of("amount", 30));

      assertThat(saga.waitForResult().submit()).isEqualTo(new Succeeded(saga.gid()));
    } finally {
      server.stop(0);
    }
  }

  private void transOut(HttpExchange exchange) throws IOException {
    // page: begin
    var request = BranchRequest.fromQuery(exchange.getRequestURI().getRawQuery());
    var status = 200;
    var answer = "";
    try {
      debit(request, exchange.getRequestBody().readAllBytes());
    } catch (BranchRefused e) {
      status = 409;
      answer = e.getMessage();
    }
    // page: end
    exchange.sendResponseHeaders(status, 0);
    exchange.getResponseBody().write(answer.getBytes(UTF_8));
    exchange.close();
  }

  private static void debit(BranchRequest request, byte[] transfer) {
    assertThat(request.operation()).isEqualTo("action");
    assertThat(transfer).isNotEmpty();
  }
}
