package io.dtm.sdk.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.sdk.testing.Ledger.Guard;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@WithTransactionServer
class TransactionServerTest {
  private Ledger ledger;

  @BeforeEach
  void open() throws IOException {
    ledger = new Ledger(Guard.WHOLE);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private String submit(TransactionClient client) {
    var saga = client.saga().rawStep(ledger.url() + "/debit", ledger.url() + "/debitUndo", "{}");
    return saga.submit().gid();
  }

  @Test
  void aTestMovesTheTimeToTheNextAttempt(
      TransactionServer server, TransactionClient client, InstantSource clock) {
    server.inject(Fault.ERROR, CallPattern.to("/debit").number(1));
    var start = clock.instant();

    var gid = submit(client);
    server.assertThat(gid).isUnfinished().wasCalled("01 action");
    server.advance(Duration.ofSeconds(20));

    server.assertThat(gid).hasSucceeded().wasCalled("01 action", "01 action");
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(20));
    assertThat(ledger.balance()).isEqualTo(970);
  }

  @Test
  void aRefusedActionIsUndone(TransactionServer server) {
    server.inject(Fault.REFUSE, CallPattern.any().operation("action"));

    var gid = submit(server.client());

    server
        .assertThat(gid)
        .wasRolledBack()
        .hasReasonContaining("refused (injected)")
        .wasCalled("01 action", "01 compensate");
    assertThat(ledger.balance()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLY_LOST", "DUPLICATE", "ERROR", "TIME_OUT", "ONGOING", "LATE"})
  void whateverBefallsTheFirstCallTheEffectIsThereOnce(Fault fault, TransactionServer server) {
    server.inject(fault, CallPattern.any().branch("01").first(1));

    var gid = submit(server.client());
    server.advance(Duration.ofMinutes(1));
    var late = server.deliverLate();

    server.assertThat(gid).hasSucceeded();
    assertThat(server.calls(gid).getFirst().fault()).isEqualTo(fault);
    assertThat(late).isEqualTo(fault == Fault.LATE ? 1 : 0);
    assertThat(ledger.balance()).isEqualTo(970);
  }

  @ParameterizedTest
  @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
  void aCrashedServerGoesOnAfterItsRestart(Fault crash, TransactionServer server) {
    server.inject(crash, CallPattern.any().number(1));
    var gid = submit(server.client());
    server.settle();
    assertThat(server.isDown()).isTrue();
    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> submit(server.client()));

    server.restart();
    server.advance(Duration.ofSeconds(10));

    server.assertThat(gid).hasSucceeded();
    assertThat(server.calls(gid)).hasSize(2);
    assertThat(ledger.balance()).isEqualTo(970);
  }

  @Test
  void triesThatTheApplicationMakesMeetFaultsAsWell(TransactionServer server) {
    server.inject(Fault.REPLY_LOST, CallPattern.any().operation("try"));
    var application = new RawTransactions(server);

    assertThatThrownBy(() -> application.tcc("g", ledger.url())).hasMessageContaining("HTTP 504");

    server.assertThat("g").wasRolledBack().wasCalled("01 try", "01 cancel");
    assertThat(server.calls("g").getFirst().url()).startsWith(ledger.url() + "/hold?");
    assertThat(ledger.balance()).isEqualTo(1_000);
  }

  @Test
  void anAddressOfTheProxyIsTheParticipantsToTheServer(TransactionServer server) throws Exception {
    var receiver = server.through(ledger.url() + "/debit");

    new RawTransactions(server).message("g", receiver);

    server.assertThat("g").hasSucceeded().wasCalled("01 action");
    assertThat(server.calls("g"))
        .extracting(RecordedCall::url)
        .isEqualTo(List.of(ledger.url() + "/debit"));
    assertThat(server.through(receiver)).isEqualTo(receiver);
    assertThatIllegalArgumentException().isThrownBy(() -> server.through("127.0.0.1:1/a.B/C"));
  }

  @Test
  void anAssertionThatFailsShowsHowTheTransactionWent(TransactionServer server) {
    var gid = submit(server.client());
    var assertion = server.assertThat(gid);

    assertThatThrownBy(assertion::wasRolledBack)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("status: SUCCEEDED (expected: FAILED)")
        .hasMessageContaining("debit (01 action): called, done");
    assertThatThrownBy(() -> assertion.wasCalled("02 action"))
        .hasMessageContaining("calls: [01 action] (expected: [02 action])");
  }
}
