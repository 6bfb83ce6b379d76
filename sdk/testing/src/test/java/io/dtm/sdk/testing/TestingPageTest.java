package io.dtm.sdk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.TransactionClient;
import io.dtm.examples.bank.Bank;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/java/testing.md}. */
@WithTransactionServer
class TestingPageTest {
  private final Bank bank = Bank.open(0, InstantSource.system(), call -> {});

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void theServerMayCrash(TransactionServer server, TransactionClient client) {
    // page: begin
    server.inject(Fault.CRASH_AFTER, CallPattern.to("/TransOut").number(1));
    var gid = transfer(client);
    server.settle(); // the bank has paid out, and nobody knows

    server.restart();
    server.advance(Duration.ofSeconds(10));
    server.assertThat(gid).hasSucceeded().wasCalled("01 action", "01 action", "02 action");
    // page: end
  }

  @Test
  void theExplorerFindsNothingInTheBank(TransactionServer server) {
    // page: begin
    TransactionExplorer.over(server)
        .scenario(client -> transfer(client))
        .invariant(end -> {
          var inAll = bank.balances().values().stream().mapToLong(Long::longValue).sum();
          assertThat(inAll).isEqualTo(2_000);
        })
        .faultsMax(1)
        .check();
    // page: end
  }

  @Test
  void triesGoThroughTheServer(TransactionServer server) {
    // page: begin
    var tryUrl = server.through("http://stock:8080/reserve");
    // page: end

    assertThat(tryUrl).matches("http://127.0.0.1:\\d+/0/reserve");
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
