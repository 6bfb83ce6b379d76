package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class FailoverTransportTest {
  private static final ManagerRequest QUERY =
      new ManagerRequest(ManagerOperation.QUERY, "g1", "{\"gid\":\"g1\"}", List.of());

  @Test
  void tellsParticipantsOfTheManagerThatAnsweredLast() {
    var transport =
        ManagerTransport.failover(
            List.of(
                new Answering(BranchProtocol.GRPC, "a:1", false),
                new Answering(BranchProtocol.GRPC, "b:1", true)));

    assertThat(transport.address()).isEqualTo("a:1");
    assertThat(transport.call(QUERY).toCompletableFuture().join().manager()).isEqualTo("b:1");
    assertThat(transport.address()).isEqualTo("b:1");
    assertThat(transport.protocol()).isEqualTo(BranchProtocol.GRPC);
  }

  @Test
  void needsOneTransportAndOneProtocol() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ManagerTransport.failover(List.of()))
        .withMessage("transports: none (expected: 1 at least)");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ManagerTransport.failover(
                List.of(
                    new Answering(BranchProtocol.GRPC, "a:1", true),
                    new Answering(BranchProtocol.HTTP, "http://b", true))))
        .withMessage("transports: HTTP and gRPC (expected: one protocol)");
  }

  private record Answering(BranchProtocol protocol, String address, boolean lives)
      implements ManagerTransport {
    @Override
    public CompletionStage<ManagerReply> call(ManagerRequest request) {
      return lives
          ? CompletableFuture.completedFuture(new ManagerReply(address, 200, "{}"))
          : CompletableFuture.failedFuture(new TransactionManagerUnavailable(address, null));
    }
  }
}
