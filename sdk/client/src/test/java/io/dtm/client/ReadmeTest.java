package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of {@code README.md}. */
class ReadmeTest {
  @Test
  void theExampleTellsHowTheTransferEnded() {
    try (var manager = new FakeManager()) {
      manager.succeeds();

      assertThat(transfer(TransactionClient.of(manager.url()), "http://127.0.0.1:8081"))
          .isEqualTo("transferred");
    }
  }

  private static String transfer(TransactionClient client, String bank) {
    // page: begin
    var result =
        client
            .saga()
            .step(bank + "/TransOut", bank + "/TransOutCompensate", Map.of("amount", 30))
            .step(bank + "/TransIn", bank + "/TransInCompensate", Map.of("amount", 30))
            .retryLimit(5)
            .waitForResult()
            .submit();

    return result.fold(
        accepted -> "on its way as " + accepted.gid(),
        succeeded -> "transferred",
        rolledBack -> "undone, because " + rolledBack.reason(),
        pending -> "ended as " + client.waitFor(pending.gid(), Duration.ofMinutes(1)).status());
    // page: end
  }
}
