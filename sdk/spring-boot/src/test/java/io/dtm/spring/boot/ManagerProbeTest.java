package io.dtm.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.client.BranchProtocol;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.client.ManagerTransport;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionManagerUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ManagerProbeTest {
  @Test
  void aManagerThatKnowsNoSuchTransactionIsUp() throws Exception {
    var probe = probe(200, "{\"transaction\":null,\"branches\":[]}");

    assertThat(probe.check())
        .containsEntry("manager", "http://dtm")
        .containsEntry("protocol", BranchProtocol.HTTP);
  }

  @Test
  void aManagerThatCannotTellIsDown() {
    var probe = probe(500, "{\"message\":\"the store is away\"}");

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(probe::check)
        .withMessageContaining("the store is away");
  }

  @Test
  void aManagerThatDoesNotAnswerInTimeIsDown() {
    var probe = new ManagerProbe(client(new CompletableFuture<>()), Duration.ofMillis(20));

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(probe::check)
        .withMessage("http://dtm: no answer within PT0.02S");
  }

  private static ManagerProbe probe(int status, String body) {
    var reply = CompletableFuture.completedFuture(new ManagerReply("http://dtm", status, body));
    return new ManagerProbe(client(reply), Duration.ofSeconds(10));
  }

  private static TransactionClient client(CompletionStage<ManagerReply> reply) {
    return TransactionClient.builder()
        .transport(
            new ManagerTransport() {
              @Override
              public CompletionStage<ManagerReply> call(ManagerRequest request) {
                return reply;
              }

              @Override
              public String address() {
                return "http://dtm";
              }

              @Override
              public BranchProtocol protocol() {
                return BranchProtocol.HTTP;
              }
            })
        .build();
  }
}
