package io.dtm.sdk.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.examples.bank.Bank;
import io.dtm.sdk.testing.Ledger.Guard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@WithTransactionServer
class TransactionExplorerTest {
  private static final int RUNS = 100;

  @Test
  void theExampleBankIsRightWhateverHappens(TransactionServer server) {
    var bank = new AtomicReference<>(newBank());
    var report =
        TransactionExplorer.over(server)
            .before(() -> bank.getAndSet(newBank()).close())
            .scenario(client ->
                client
                    .saga()
                    .step(
                        bank.get().url() + "/TransOut",
                        bank.get().url() + "/TransOutCompensate",
                        Map.of("amount", 30))
                    .step(
                        bank.get().url() + "/TransIn",
                        bank.get().url() + "/TransInCompensate",
                        Map.of("amount", 30))
                    .submit())
            .invariant(end ->
                assertThat(bank.get().balances())
                    .isEqualTo(
                        end.succeeded()
                            ? Map.of("alice", 970L, "bob", 1_030L)
                            : Map.of("alice", 1_000L, "bob", 1_000L)))
            .runsMax(RUNS)
            .check();
    bank.get().close();

    assertThat(report.runs()).isEqualTo(RUNS);
    assertThat(report.complete()).isFalse();
  }

  private static Bank newBank() {
    return Bank.open(0, InstantSource.system(), call -> {});
  }

  @Test
  void everyScheduleOfUpToTwoFaultsIsTriedAgainstARightParticipant(TransactionServer server)
      throws Exception {
    try (var ledger = new Ledger(Guard.WHOLE)) {
      var report = saga(server, ledger).check();

      assertThat(report.complete()).isTrue();
      assertThat(report.failing()).isZero();
      assertThat(report.runs()).isBetween(50, 500);
      assertThat(report.toString()).startsWith("the invariant held in ");
    }
  }

  @Test
  void aParticipantThatWorksTwiceIsFoundAndThePagesShowHow(TransactionServer server)
      throws Exception {
    try (var ledger = new Ledger(Guard.FORGETS_REPETITIONS)) {
      var explorer = saga(server, ledger).without(Fault.DUPLICATE, Fault.LATE);

      var failure = assertThatThrownBy(explorer::check).isInstanceOf(AssertionError.class).actual();

      var report = String.valueOf(failure.getMessage());
      assertThat(report)
          .contains("1. debit (01 action): called, done, reply lost")
          .contains("Then: balance is 940, expected 970");
      for (var page : List.of("testing.md", "testing-cn.md")) {
        assertThat(Files.readString(Path.of("..", "..", "docs", "java", page)))
            .contains(report.replaceAll("SAGA \\S+ ", "SAGA 3kq… "));
      }
    }
  }

  @Test
  void anActionAfterItsCompensationIsFoundAlthoughItTakesTwoFaults(TransactionServer server)
      throws Exception {
    try (var ledger = new Ledger(Guard.FORGETS_NULL_UNDOING)) {
      var report = saga(server, ledger).explore();

      var shortest = report.shortest().orElseThrow();
      assertThat(shortest.faults()).isEqualTo(2);
      assertThat(shortest.calls())
          .extracting(RecordedCall::toString)
          .containsExactly(
              "debit (01 action): called, delayed",
              "debit (01 action): called again, refused on the way",
              "debitUndo (01 compensate): called, done",
              "debit (01 action): arrives late, done");
      assertThat(shortest.problem()).contains("balance is 970, expected 1000");
    }
  }

  @ParameterizedTest
  @EnumSource(Guard.class)
  void aTccIsTriedAndOnlyTheRightParticipantPasses(Guard guard, TransactionServer server)
      throws Exception {
    try (var ledger = new Ledger(guard)) {
      var report = tcc(server, ledger).runsMax(RUNS).explore();

      assertThat(report.shortest().isPresent()).isEqualTo(guard != Guard.WHOLE);
    }
  }

  @Test
  void aLateTryIsToldInWords(TransactionServer server) throws Exception {
    try (var ledger = new Ledger(Guard.FORGETS_NULL_UNDOING)) {
      var report = tcc(server, ledger).explore();

      assertThat(report.toString())
          .contains(
              "has 1 fault:",
              "1. hold (01 try): called, delayed",
              "2. release (01 cancel): called, done",
              "3. hold (01 try): arrives late, done",
              "The application saw: java.io.IOException: HTTP 504",
              "ended as FAILED",
              "Then: balance is 970, expected 1000");
    }
  }

  @Test
  void aMessageReachesItsReceiverOnceWhateverHappens(TransactionServer server) throws Exception {
    try (var right = new Ledger(Guard.WHOLE);
        var wrong = new Ledger(Guard.FORGETS_REPETITIONS)) {
      assertThat(message(server, right).explore().shortest()).isEmpty();
      assertThat(message(server, wrong).explore().shortest()).isPresent();
    }
  }

  @Test
  void aTransactionThatNeverEndsIsAFailure(TransactionServer server) throws Exception {
    try (var ledger = new Ledger(Guard.WHOLE)) {
      var report =
          TransactionExplorer.over(server)
              .scenario(client -> client.saga().rawStep(ledger.url() + "/none", "", "{}").submit())
              .invariant(end -> {})
              .explore();

      assertThat(report.runs()).isOne();
      assertThat(report.failing()).isOne();
      assertThat(report.toString()).contains("has 0 faults:", "has not ended after PT1H");
    }
  }

  @Test
  void whatCannotBeExploredIsRefused(TransactionServer server) throws Exception {
    try (var ledger = new Ledger(Guard.WHOLE)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> TransactionExplorer.over(server).explore())
          .withMessageContaining("expected: both");
      assertThatIllegalStateException()
          .isThrownBy(() ->
              TransactionExplorer.over(server)
                  .scenario(client -> {})
                  .invariant(end -> {})
                  .explore())
          .withMessageContaining("no branch was called");
      assertThatIllegalStateException()
          .isThrownBy(() ->
              TransactionExplorer.over(server)
                  .scenario(client -> {
                    throw new java.io.IOException("no");
                  })
                  .invariant(end -> {})
                  .explore())
          .withMessageContaining("fails without any fault");
      assertThat(ledger.balance()).isEqualTo(Ledger.OPENING);
    }
  }

  private static TransactionExplorer saga(TransactionServer server, Ledger ledger) {
    return TransactionExplorer.over(server)
        .before(ledger::reset)
        .scenario(client ->
            client
                .saga()
                .rawStep(ledger.url() + "/debit", ledger.url() + "/debitUndo", "{}")
                .submit())
        .invariant(end -> requireBalance(end, ledger));
  }

  private static TransactionExplorer tcc(TransactionServer server, Ledger ledger) {
    var application = new RawTransactions(server);
    return TransactionExplorer.over(server)
        .before(ledger::reset)
        .scenario(client -> application.tcc(client.newGid(), ledger.url()))
        .invariant(end -> {
          requireBalance(end, ledger);
          assertThat(ledger.held()).as("held").isZero();
        });
  }

  private static TransactionExplorer message(TransactionServer server, Ledger ledger) {
    var application = new RawTransactions(server);
    return TransactionExplorer.over(server)
        .before(ledger::reset)
        .scenario(client -> application.message(client.newGid(), ledger.url() + "/debit"))
        .invariant(end -> requireBalance(end, ledger));
  }

  private static void requireBalance(ExploredEnd end, Ledger ledger) {
    var expected = end.succeeded() ? Ledger.OPENING - Ledger.AMOUNT : Ledger.OPENING;
    if (ledger.balance() != expected) {
      throw new AssertionError("balance is %d, expected %d".formatted(ledger.balance(), expected));
    }
  }
}
