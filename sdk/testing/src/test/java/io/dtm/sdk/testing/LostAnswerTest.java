package io.dtm.sdk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.TransactionClient;
import io.dtm.examples.bank.Bank;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first test of {@code docs/java/testing.md}. */
// page: begin
@WithTransactionServer
class LostAnswerTest {
  private final Bank bank = Bank.open(0, InstantSource.system(), call -> {});

  @Test
  void aLostAnswerIsAskedForAgainAndPaidOnce(TransactionServer server, TransactionClient client) {
    server.inject(Fault.REPLY_LOST, CallPattern.to("/TransIn").operation("action").number(1));

    var gid = transfer(client);
    server.advance(Duration.ofSeconds(20));

    server.assertThat(gid).hasSucceeded().wasCalled("01 action", "02 action", "02 action");
    assertThat(bank.balances()).isEqualTo(Map.of("alice", 970L, "bob", 1_030L));
  }

  @AfterEach
  void close() {
    bank.close();
  }

  private String transfer(TransactionClient client) {
    return client
        .saga()
        .step(bank.url() + "/TransOut", bank.url() + "/TransOutCompensate", Map.of("amount", 30))
        .step(bank.url() + "/TransIn", bank.url() + "/TransInCompensate", Map.of("amount", 30))
        .submit()
        .gid();
  }
}
// page: end
