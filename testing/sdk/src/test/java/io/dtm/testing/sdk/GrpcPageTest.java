package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.dtm.client.BranchRefused;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.protocol.grpc.WorkflowData;
import io.dtm.protocol.grpc.WorkflowGrpc;
import io.dtm.sdk.grpc.BranchInterceptor;
import io.dtm.sdk.grpc.GrpcTransactions;
import io.dtm.sdk.grpc.ParticipantInterceptor;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The code of {@code docs/java/grpc.md}; the service is a generated one that happens to be here.
 */
@Timeout(60)
class GrpcPageTest {
  private static World world;
  private final List<String> served = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void aSagaGoesOverGrpc() {
    var target = world.grpcTarget();
    var bank = world.participant.address(Way.GRPC, "TransOut").replace("/TransOut", "");
    var transfer = transfer("30");

    // page: begin
    var transactions = GrpcTransactions.of(target);
    var client = transactions.client();
    // page: end
    try (transactions) {
      var result = submit(client, bank, transfer);

      assertThat(result).isInstanceOf(Succeeded.class);
      assertThat(world.participant.calls(result.gid()).get(0).payload().bytes())
          .isEqualTo(transfer.toByteArray());
    }
  }

  private static TransactionResult submit(
      TransactionClient client, String bank, WorkflowData transfer) {
    // page: begin
    var payload = Payload.of(transfer.toByteArray());
    return client
        .saga()
        .step(bank + "/TransOut", bank + "/TransOutBack", payload)
        .step(bank + "/TransIn", bank + "/TransInBack", payload)
        .waitForResult()
        .submit();
    // page: end
  }

  @Test
  void aServiceTakesPartAndIsCalledWithAStub() throws IOException {
    var server = serve(new Service(), 0);
    var address = "127.0.0.1:" + server.getPort();
    var channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
    try {
      var stub = WorkflowGrpc.newBlockingStub(channel);
      var method = address + "/workflow.Workflow/Execute";

      assertThat(run(stub, method, transfer("30"))).isInstanceOf(Succeeded.class);
      var refused = run(stub, method, transfer("too much"));

      assertThat(served).contains("01 try 30", "01 confirm 30", "01 try too much");
      assertThat(world.client(Way.GRPC).waitFor(refused.gid(), Duration.ofSeconds(20)).result())
          .isInstanceOfSatisfying(
              RolledBack.class,
              end ->
                  assertThat(end.reason())
                      .isEqualTo("workflow.Workflow/Execute refused: account frozen"));
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private static Server serve(BindableService service, int port) throws IOException {
    // page: begin
    return Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
        .addService(service)
        .intercept(new ParticipantInterceptor())
        .build()
        .start();
    // page: end
  }

  private TransactionResult run(
      WorkflowGrpc.WorkflowBlockingStub stub, String method, WorkflowData transfer) {
    TransactionClient client = world.client(Way.GRPC);
    // page: begin
    return client
        .tcc()
        .waitForResult()
        .run(branches -> {
          var payload = Payload.of(transfer.toByteArray());
          var branch = branches.register(method, method, payload);
          stub.withInterceptors(new BranchInterceptor(branch)).execute(transfer);
        });
    // page: end
  }

  private static WorkflowData transfer(String text) {
    return WorkflowData.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
  }

  private final class Service extends WorkflowGrpc.WorkflowImplBase {
    @Override
    public void execute(WorkflowData transfer, StreamObserver<Empty> caller) {
      served.add(
          "%s %s %s"
              .formatted(
                  ParticipantInterceptor.request().branchId(),
                  ParticipantInterceptor.request().operation(),
                  transfer.getData().toStringUtf8()));
      // page: begin
      var request = ParticipantInterceptor.request();
      if (request.operation().equals("try") && isTooMuch(transfer)) {
        throw new BranchRefused("account frozen");
      }
      // page: end
      caller.onNext(Empty.getDefaultInstance());
      caller.onCompleted();
    }

    private boolean isTooMuch(WorkflowData transfer) {
      return transfer.getData().toStringUtf8().equals("too much");
    }
  }
}
