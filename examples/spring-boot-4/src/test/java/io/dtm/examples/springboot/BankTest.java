package io.dtm.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.sdk.testing.CallPattern;
import io.dtm.sdk.testing.Fault;
import io.dtm.sdk.testing.TransactionServer;
import io.dtm.spring.CheckBackEndpoint;
import io.dtm.spring.Participants;
import io.dtm.spring.TransactionalMessages;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The bank on H2, with a real transaction manager whose time the test moves. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class BankTest {
  private static final TransactionServer SERVER = TransactionServer.start();

  /** Longer than a manager waits before it checks back. */
  private static final Duration CHECK_BACK = Duration.ofMinutes(2);

  private final Accounts accounts;
  private final BankAtWork bank;
  private final JdbcTemplate database;
  private final String url;

  BankTest(
      @Autowired Accounts accounts, @Autowired JdbcTemplate database, @LocalServerPort int port) {
    this.accounts = accounts;
    this.database = database;
    this.bank = new BankAtWork(port);
    this.url = "http://127.0.0.1:" + port;
  }

  @DynamicPropertySource
  static void whereTheServerIs(DynamicPropertyRegistry properties) {
    properties.add("dtm.servers", SERVER::baseUrl);
  }

  @BeforeEach
  void openAccounts() {
    database.update("UPDATE account SET balance = 1000, reserved = 0");
  }

  @AfterEach
  void clearFaults() {
    SERVER.clearFaults();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"saga", "tcc", "message", "workflow"})
  void aTransferMovesTheMoney(String mode) {
    assertThat(bank.transfer(mode, "bob", 30)).isEqualTo("transferred");

    assertThat(bank.balances()).containsExactly(970, 1030);
  }

  @ParameterizedTest
  @ValueSource(strings = {"saga", "tcc", "message", "workflow"})
  void aTransferThatCannotBePaidMovesNothing(String mode) {
    assertThat(bank.transfer(mode, "bob", 5000)).contains("undone", "alice cannot pay 5000");

    assertThat(bank.balances()).containsExactly(1000, 1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"saga", "tcc", "workflow"})
  void aRefusalOfTheOtherSideUndoesWhatWasDone(String mode) {
    assertThat(bank.transfer(mode, "carol", 30)).contains("undone", "no account of carol");

    assertThat(bank.balances()).containsExactly(1000, 1000);
    assertThat(database.queryForObject("SELECT SUM(reserved) FROM account", Long.class)).isZero();
  }

  @Test
  void aBranchThatIsCalledTwiceTakesEffectOnce() {
    var before = bank.count("dtm.barrier", "op:action", "outcome:duplicate");
    SERVER.inject(Fault.DUPLICATE, CallPattern.to("/bank/credit/action"));

    assertThat(bank.transfer("saga", "bob", 30)).isEqualTo("transferred");

    assertThat(bank.balances()).containsExactly(970, 1030);
    assertThat(bank.count("dtm.barrier", "op:action", "outcome:duplicate")).isEqualTo(before + 1);
  }

  @Test
  void aMessageWhoseSubmitIsLostIsSentAfterACheckBack(
      @Autowired TransactionClient client,
      @Autowired Participants participants,
      @Autowired TransactionalMessages messages) {
    var transfer = new Transfer("alice", "bob", 30);
    var message = client.message();
    participants.in(message, Bank.class).credit(transfer);

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() ->
            messages.doAndSubmit(
                message,
                () -> {
                  accounts.take(transfer.from(), transfer.amount());
                  SERVER.crash();
                }));
    SERVER.restart();
    SERVER.advance(CHECK_BACK);

    SERVER.assertThat(message.gid()).hasSucceeded();
    assertThat(bank.balances()).containsExactly(970, 1030);
  }

  @Test
  void aMessageWhoseTransactionDidNotCommitIsDropped(
      @Autowired TransactionClient client, @Autowired Participants participants) {
    var message = client.message();
    participants.in(message, Bank.class).credit(new Transfer("alice", "bob", 30));
    assertThat(message.prepare(url + CheckBackEndpoint.PATH)).isEmpty();

    SERVER.advance(CHECK_BACK);

    SERVER.assertThat(message.gid()).wasRolledBack();
    assertThat(bank.balances()).containsExactly(1000, 1000);
  }

  @Test
  void aWorkflowThatStoppedIsResumedByTheManager() {
    database.execute("ALTER TABLE account RENAME TO account_away");
    var outcome = bank.transfer("workflow", "bob", 30);
    database.execute("ALTER TABLE account_away RENAME TO account");

    SERVER.advance(CHECK_BACK);

    assertThat(outcome).isEqualTo("not decided yet");
    assertThat(bank.balances()).containsExactly(970, 1030);
  }

  @Test
  void healthTellsWhetherAManagerAnswers() {
    assertThat(bank.health()).startsWith("200").contains("UP", SERVER.baseUrl().toString());

    SERVER.crash();
    var whileDown = bank.health();
    SERVER.restart();

    assertThat(whileDown).startsWith("503").contains("DOWN");
    assertThat(bank.health()).startsWith("200");
  }

  @Test
  void metersTellWhatBecameOfTransactionsAndBranches() {
    var begun = bank.count("dtm.transactions.begun", "mode:saga");
    var undone = bank.count("dtm.transactions", "mode:saga", "outcome:rolled_back");
    var done = bank.count("dtm.branches", "mode:saga", "op:action", "outcome:done");
    var refused = bank.count("dtm.branches", "mode:saga", "op:action", "outcome:refused");

    var unused = bank.transfer("saga", "carol", 30);

    assertThat(bank.count("dtm.transactions.begun", "mode:saga")).isEqualTo(begun + 1);
    assertThat(bank.count("dtm.transactions", "mode:saga", "outcome:rolled_back"))
        .isEqualTo(undone + 1);
    assertThat(bank.count("dtm.branches", "mode:saga", "op:action", "outcome:done"))
        .isEqualTo(done + 1);
    assertThat(bank.count("dtm.branches", "mode:saga", "op:action", "outcome:refused"))
        .isEqualTo(refused + 1);
  }
}
