package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several commands on one transaction, of which its node remembers the last state. */
class RecentCommandsTest extends EngineFixture {
  private static final Gid GID = new Gid("a");
  private static final CommandOutcome ACCEPTED = new CommandOutcome.Accepted();

  private final Coordinator other = startEngine("node-2", time, CONFIG).coordinator();

  @Test
  void aWholeTccIsOneWriteForEachCommandAndNoLook() {
    prepare(coordinator);
    register(coordinator, "debit");
    register(coordinator, "credit");
    coordinator.submit(tcc(WAITED));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
    assertThat(store.applied()).as("prepare, 2 registrations, submit, end").isEqualTo(5);
    assertThat(store.finds()).as("that of this test").isEqualTo(1);
  }

  @Test
  void whatAnotherNodeWroteIsKept() {
    prepare(coordinator);
    register(other, "debit");

    register(coordinator, "credit");

    assertThat(stored("a").branches())
        .extracting(Branch::branchId)
        .containsExactly("debit", "credit");
  }

  @Test
  void aSubmitConfirmsTheBranchesThatAnotherNodeRegistered() {
    prepare(coordinator);
    register(other, "debit");

    coordinator.submit(tcc(WAITED));

    assertThat(participants.calls()).containsExactly("http://debit/confirm");
  }

  @Test
  void whatAnotherNodeEndedIsRefused() {
    prepare(coordinator);
    assertThat(other.forceStop(GID)).isEqualTo(ACCEPTED);

    var late = register(coordinator, "debit");

    assertThat(late).isEqualTo(new CommandOutcome.WrongStatus(TransactionMode.TCC, FAILED));
    assertThat(coordinator.submit(tcc(WAITED)))
        .isEqualTo(new CommandOutcome.WrongStatus(TransactionMode.TCC, FAILED));
  }

  @Test
  void anAnswerIsNeverGivenFromMemoryAlone() {
    prepare(coordinator);
    register(coordinator, "debit");
    assertThat(other.forceStop(GID)).isEqualTo(ACCEPTED);

    var repeated = register(coordinator, "debit");

    assertThat(repeated)
        .as("by what it remembers, nothing would have to be done")
        .isEqualTo(new CommandOutcome.WrongStatus(TransactionMode.TCC, FAILED));
  }

  @Test
  void whatWasDeletedMeanwhileIsNotFoundAndCanBeSubmittedAnew() {
    prepare(coordinator);
    assertThat(other.forceStop(GID)).isEqualTo(ACCEPTED);
    assertThat(store.deleteFinished(FAILED, START.plusSeconds(1), 10)).isEqualTo(1);

    assertThat(register(coordinator, "debit")).isEqualTo(new CommandOutcome.NotFound());
    coordinator.submit(tcc(WAITED));

    assertThat(stored("a").status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void aWriteOfWhichNobodyKnowsWhetherItHappenedIsRepeatedSafely() {
    prepare(coordinator);
    store.failNext(ObservedStore.Fault.AFTER_COMMIT);
    assertThatThrownBy(() -> register(coordinator, "debit")).isInstanceOf(StoreUnavailable.class);

    assertThat(register(coordinator, "debit")).isEqualTo(ACCEPTED);

    assertThat(stored("a").branches()).hasSize(1);
  }

  @Test
  void whatIsRememberedIsForgottenSoon() {
    var recent = new RecentTransactions(time);
    var prepared = Transactions.aTcc().status(PREPARED).build();

    recent.remember(prepared);

    assertThat(recent.find(prepared.gid())).contains(prepared);
    time.advance(RecentTransactions.AGE_MAX, () -> {});
    assertThat(recent.find(prepared.gid())).isEmpty();
  }

  @Test
  void whatIsRememberedHasALimit() {
    var recent = new RecentTransactions(time);
    int large = (int) RecentTransactions.TRANSACTION_BYTES_MAX / 2;
    int more = (int) RecentTransactions.BYTES_MAX / large + 1;

    for (int i = 0; i < more; i++) {
      recent.remember(sized("g" + i, large));
    }
    recent.remember(sized("too large", (int) RecentTransactions.TRANSACTION_BYTES_MAX));

    assertThat(recent.find(new Gid("g0"))).as("the oldest").isEmpty();
    assertThat(recent.find(new Gid("g" + (more - 1)))).as("the newest").isPresent();
    assertThat(recent.find(new Gid("too large"))).isEmpty();
  }

  private static GlobalTransaction sized(String gid, int bytes) {
    return Transactions.aTcc().gid(gid).status(PREPARED).customData("x".repeat(bytes)).build();
  }

  private void prepare(Coordinator node) {
    assertThat(node.prepare(tcc(DEFAULTS))).isEqualTo(ACCEPTED);
  }

  private static CommandOutcome register(Coordinator node, String name) {
    var url = "http://%s/confirm".formatted(name);
    return node.register(
        GID,
        TransactionMode.TCC,
        List.of(
            new NewBranch(name, Operation.CONFIRM, url, Payload.empty(), BranchStatus.PREPARED)));
  }

  private static TransactionRequest tcc(TransactionOptions options) {
    return new TransactionRequest(
        GID, new TransactionSpec.Tcc(), BranchProtocol.HTTP, options, "", "", List.of());
  }
}
