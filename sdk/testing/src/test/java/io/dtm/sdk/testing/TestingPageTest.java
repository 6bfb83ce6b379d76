package io.dtm.sdk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.TransactionClient;
import io.dtm.examples.bank.Bank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of {@code docs/java/testing.md} are the code that runs here. */
// docs: begin first
@WithTransactionServer
class TestingPageTest {
  private final Bank bank = Bank.open(0, InstantSource.system(), call -> {});

  @Test
  void aLostAnswerIsAskedForAgainAndPaidOnce(TransactionServer server, TransactionClient client) {
    server.inject(Fault.REPLY_LOST, CallPattern.to("/TransIn").operation("action").number(1));

    var gid = transfer(client);
    server.advance(Duration.ofSeconds(20));

    server.assertThat(gid).hasSucceeded().wasCalled("01 action", "02 action", "02 action");
    assertThat(bank.balances()).isEqualTo(Map.of("alice", 970L, "bob", 1_030L));
  }

  private String transfer(TransactionClient client) {
    return client
        .saga()
        .step(bank.url() + "/TransOut", bank.url() + "/TransOutCompensate", Map.of("amount", 30))
        .step(bank.url() + "/TransIn", bank.url() + "/TransInCompensate", Map.of("amount", 30))
        .submit()
        .gid();
  }

  // docs: end first

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void theServerMayCrash(TransactionServer server, TransactionClient client) {
    // docs: begin crash
    server.inject(Fault.CRASH_AFTER, CallPattern.to("/TransOut").number(1));
    var gid = transfer(client);
    server.settle(); // the bank has paid out, and nobody knows

    server.restart();
    server.advance(Duration.ofSeconds(10));
    server.assertThat(gid).hasSucceeded().wasCalled("01 action", "01 action", "02 action");
    // docs: end crash
  }

  @Test
  void theExplorerFindsNothingInTheBank(TransactionServer server) {
    // docs: begin explorer
    TransactionExplorer.over(server)
        .scenario(client -> transfer(client))
        .invariant(end -> {
          var inAll = bank.balances().values().stream().mapToLong(Long::longValue).sum();
          assertThat(inAll).isEqualTo(2_000);
        })
        .faultsMax(1)
        .check();
    // docs: end explorer
  }

  @Test
  void triesGoThroughTheServer(TransactionServer server) {
    // docs: begin through
    var tryUrl = server.through("http://stock:8080/reserve");
    // docs: end through

    assertThat(tryUrl).matches("http://127.0.0.1:\\d+/0/reserve");
  }

  @ParameterizedTest
  @CsvSource({
    "testing.md, first",
    "testing.md, crash",
    "testing.md, explorer",
    "testing.md, through",
    "testing-cn.md, first",
    "testing-cn.md, crash",
    "testing-cn.md, explorer",
    "testing-cn.md, through"
  })
  void theExamplesOfThePageAreThoseThatRun(String page, String name) throws IOException {
    assertThat(Files.readString(Path.of("..", "..", "docs", "java", page)))
        .contains("```java\n" + example(name) + "```\n");
  }

  private static String example(String name) throws IOException {
    var source = Files.readString(Path.of("src/test/java/io/dtm/sdk/testing/TestingPageTest.java"));
    var begin = "// docs: begin " + name + "\n";
    var end = "// docs: end " + name;
    var text = source.substring(source.indexOf(begin) + begin.length(), source.indexOf(end));
    return text.stripIndent().strip() + (text.contains("class ") ? "\n}\n" : "\n");
  }
}
