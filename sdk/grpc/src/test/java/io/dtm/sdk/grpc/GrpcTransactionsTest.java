package io.dtm.sdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.dtm.client.BranchCall;
import io.dtm.client.BranchProtocol;
import io.dtm.client.BranchRequest;
import io.dtm.client.BranchUnclear;
import io.dtm.client.ManagerOperation;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.client.ManagerTransport;
import io.dtm.client.Payload;
import io.dtm.client.Saga;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionMode;
import io.dtm.client.TransactionRefused;
import io.dtm.client.TransactionResult.Accepted;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GrpcTransactionsTest {
  private static final Payload BYTES = Payload.of(new byte[] {0, (byte) 0xFF});

  private final FakeDtm manager = new FakeDtm();
  private final GrpcTransactions transactions = GrpcTransactions.of(manager.target());

  @AfterEach
  void close() {
    transactions.close();
    manager.close();
  }

  @Test
  void aTransactionIsSentWithAllThatItHas() {
    var client = transactions.client();

    var result =
        client
            .message("g1")
            .step("bank:1/bank.Bank/TransIn", BYTES)
            .step("http://bank/TransIn", BYTES)
            .concurrent()
            .delay(Duration.ofSeconds(2))
            .checkBackAfter(Duration.ofSeconds(3))
            .requestTimeout(Duration.ofSeconds(4))
            .retryInterval(Duration.ofSeconds(5))
            .retryFactor(6)
            .retryMaxInterval(Duration.ofSeconds(7))
            .retryMaxAttempts(8)
            .retryMaxAge(Duration.ofSeconds(9))
            .branchHeader("X-Tenant", "green")
            .submit();

    assertThat(result).isEqualTo(new Accepted("g1"));
    var bytes = ByteString.copyFrom(BYTES.bytes());
    assertThat(manager.submitted())
        .containsExactly(
            DtmRequest.newBuilder()
                .setGid("g1")
                .setTransType("msg")
                .setSteps(
                    "[{\"action\":\"bank:1/bank.Bank/TransIn\"},{\"action\":\"http://bank/TransIn\"}]")
                .addBinPayloads(bytes)
                .addBinPayloads(bytes)
                .setCustomData("{\"delay\":2}")
                .setTransOptions(
                    DtmTransOptions.newBuilder()
                        .setTimeoutToFail(3)
                        .setRequestTimeout(4)
                        .setRetryInterval(5)
                        .setRetryFactor(6)
                        .setRetryMaxInterval(7)
                        .setRetryMaxAttempts(8)
                        .setRetryMaxAge(9)
                        .setConcurrent(true)
                        .putBranchHeaders("X-Tenant", "green"))
                .build());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UNAVAILABLE", "RESOURCE_EXHAUSTED", "INTERNAL", "CANCELLED", "DEADLINE_EXCEEDED"})
  void theNextManagerIsAskedWhenOneCannotAnswer(Status.Code code) {
    manager.answers(Status.fromCode(code).withDescription("busy"));
    try (var second = new FakeDtm();
        var two = GrpcTransactions.of(manager.target(), second.target())) {

      saga(two.client()).submit();

      assertThat(second.submitted()).isEqualTo(manager.submitted());
    }
  }

  @Test
  void nobodyThereIsTold() {
    var target = manager.target();
    manager.close();

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> saga(transactions.client()).submit())
        .withMessageStartingWith(target + " answered UNAVAILABLE: ");
  }

  @ParameterizedTest
  @EnumSource(names = {"INVALID_ARGUMENT", "PERMISSION_DENIED", "UNAUTHENTICATED", "NOT_FOUND"})
  void whatIsWrongIsRefused(Status.Code code) {
    manager.answers(Status.fromCode(code).withDescription("Steps: missing"));

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> saga(transactions.client()).submit())
        .withMessageContaining("Steps: missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gRPC message exceeds maximum size 4194304: 9000000",
        "grpc: received message larger than max (9000000 vs. 4194304)"
      })
  void whatIsTooLargeIsRefusedForNoManagerWouldTakeIt(String text) {
    manager.answers(Status.RESOURCE_EXHAUSTED.withDescription(text));

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> saga(transactions.client()).submit())
        .withMessage("%s answered 413: %s", manager.target(), text);
  }

  @Test
  void aGidThatMetadataCannotCarryIsNotChangedInSilence() {
    var request = BranchRequest.of("订单-1", TransactionMode.TCC, "01", "try");

    assertThatExceptionOfType(BranchUnclear.class)
        .isThrownBy(() -> call(manager.target() + "/bank.Bank/Try", request))
        .withMessageEndingWith(
            "gid: '订单-1' (expected: printable ASCII, to be sent as gRPC metadata)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BranchInterceptor(request))
        .withMessageStartingWith("gid: '订单-1'");
  }

  @Test
  void participantsAtUrlsAreNotAskedToUpgrade() throws IOException {
    var upgrade = new AtomicReference<>("not called");
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          upgrade.set(String.valueOf(exchange.getRequestHeaders().getFirst("Upgrade")));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      var request = BranchRequest.of("g1", TransactionMode.TCC, "01", "try");

      assertThat(call("http://127.0.0.1:%d/try".formatted(server.getAddress().getPort()), request))
          .isEqualTo(Payload.empty());
    } finally {
      server.stop(0);
    }
    assertThat(upgrade).hasValue("null");
  }

  @Test
  void whatCannotBeCalledIsUnclearAndNoSurprise() {
    var request = BranchRequest.of("g1", TransactionMode.TCC, "01", "try");
    transactions.close();

    assertThatExceptionOfType(BranchUnclear.class)
        .isThrownBy(() -> call("127.0.0.1:1/bank.Bank/Try", request))
        .withMessage("127.0.0.1:1/bank.Bank/Try: not to be called over gRPC: closed");
  }

  @Test
  void aManagerThatOnlyTellsOverHttpIsAskedThere() {
    manager.answers(Status.ABORTED.withDescription("frozen FAILURE"));
    var told =
        """
        {"branches":[],"transaction":{"gid":"g1","trans_type":"saga","status":"failed",
         "rollback_reason":"frozen FAILURE","create_time":"2026-01-02T03:04:05Z",
         "update_time":"2026-01-02T03:04:05Z"}}
        """;
    var http = TransactionClient.builder().transport(new Told(told)).build();
    try (var both = GrpcTransactions.builder().target(manager.target()).oversight(http).build()) {

      assertThat(saga(both.client()).waitForResult().submit())
          .isEqualTo(new RolledBack("g1", "frozen"));
    }
  }

  @Test
  void aManagerThatOnlyTellsOverHttpSaysSoOtherwise() {
    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> transactions.client().query("g1"))
        .withMessageContaining("oversight(…)");
  }

  @Test
  void aParticipantsAddressNamesHostPortAndMethod() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> transactions.client().saga().step("bank.Bank/TransOut", ""))
        .withMessage(
            "actionUrl: 'bank.Bank/TransOut' (expected: a complete URL such as"
                + " http://10.0.0.7:8080/debit, or 10.0.0.7:9090/bank.Bank/Debit)");
  }

  @Test
  void needsATargetAndTimeoutsAboveZero() {
    assertThatIllegalStateException().isThrownBy(GrpcTransactions::of);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcTransactions.builder().requestTimeout(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcTransactions.builder().branchTimeout(Duration.ofSeconds(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> GrpcTransactions.builder().branchTimeout(ChronoUnit.FOREVER.getDuration()))
        .withMessageEndingWith("(expected: PT8760H at most)");
  }

  /** As those do who call a participant and wait for it. */
  private Payload call(String address, BranchRequest request) {
    try {
      return transactions
          .client()
          .participants()
          .call(new BranchCall(address, request, BYTES, Map.of()))
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw (BranchUnclear) e.getCause();
    }
  }

  private static Saga saga(TransactionClient client) {
    return client.saga("g1").step("bank:1/bank.Bank/TransOut", Saga.NO_COMPENSATION, BYTES);
  }

  /** A way over HTTP that tells one thing. */
  private record Told(String body) implements ManagerTransport {
    @Override
    public CompletionStage<ManagerReply> call(ManagerRequest request) {
      assertThat(request.operation()).isEqualTo(ManagerOperation.QUERY);
      return CompletableFuture.completedFuture(new ManagerReply("http://m", 200, body));
    }

    @Override
    public String address() {
      return "http://m/api/dtmsvr";
    }

    @Override
    public BranchProtocol protocol() {
      return BranchProtocol.HTTP;
    }
  }
}
