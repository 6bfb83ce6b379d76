package io.dtm.server.transfer;

import static io.dtm.server.transfer.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.Engine;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.EngineThreads;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real engine goes on with what was imported, over participants that say yes to everything. */
class ImportFinishTest {
  private final VirtualTime time = new VirtualTime(NOW);
  private final MemoryTransactionStore store = new MemoryTransactionStore(time);
  private final Queue<BranchCall> calls = new ConcurrentLinkedQueue<>();
  private final Engine engine =
      new Engine(
          EngineConfig.defaults(),
          "node",
          store,
          call -> {
            calls.add(call);
            return new BranchResult.Succeeded();
          },
          topic -> List.of(),
          time,
          time,
          EngineThreads.over(Executors.newVirtualThreadPerTaskExecutor()),
          event -> {});

  @BeforeEach
  void importsAndGoesOn() {
    var source = new ListedReference(SampleReference.good(), List.of());
    var report = new Import(time, () -> {}).run(source, store, store, Import.Mode.APPLY);
    assertThat(report.problems()).isEmpty();
    engine.start();
    time.advance(Duration.ofMinutes(3), this::settle);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void settle() {
    try {
      assertThat(engine.awaitQuiet(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private GlobalTransaction stored(String gid) {
    return store.find(new Gid(gid)).orElseThrow();
  }

  private List<String> calls(String gid) {
    return calls.stream()
        .filter(call -> call.gid().value().equals(gid))
        .map(call -> call.branchId() + " " + call.operation().name())
        .toList();
  }

  private void assertEnded(String gid, TransactionStatus status) {
    assertThat(stored(gid).status()).as(gid).isEqualTo(status);
  }

  @Test
  void aSagaGoesOnAtTheStepThatItHadReached() {
    assertEnded("saga-half", TransactionStatus.SUCCEEDED);
    assertThat(calls("saga-half")).containsExactly("02 action", "03 action");
    assertThat(calls.stream().filter(call -> call.gid().value().equals("saga-half")))
        .allMatch(call -> call.headers().get("x-tenant").equals("köln"))
        .allMatch(call -> call.timeout().equals(Duration.ofSeconds(5)))
        .allMatch(call -> call.payload().text().startsWith("{\"n\":\"0"));
    assertThat(calls("saga-large")).containsExactly("1000 action");
    assertEnded("saga-large", TransactionStatus.SUCCEEDED);
  }

  @Test
  void aSagasOrderIsKept() {
    assertEnded("saga-ordered", TransactionStatus.SUCCEEDED);
    assertThat(calls("saga-ordered")).containsExactly("02 action", "03 action");
  }

  @Test
  void anAbortingSagaUndoesWhatIsLeftToUndo() {
    assertEnded("saga-back", TransactionStatus.FAILED);
    assertThat(calls("saga-back")).containsExactly("01 compensate");
    assertThat(stored("saga-back").progress().rollbackReason())
        .isEqualTo("url:http://x return failed: no FAILURE");
  }

  @Test
  void aRefusalThatTheReferenceDidNotActOnTurnsTheSagaBack() {
    assertEnded("saga-refused", TransactionStatus.FAILED);
    assertThat(calls("saga-refused")).containsExactly("02 compensate", "01 compensate");
    assertThat(stored("saga-refused").progress().rollbackReason())
        .isEqualTo("url:http://h/saga-refused/02/action return failed: fail message lost FAILURE");
  }

  @Test
  void aSagaThatWaitsForItsClientGoesOnWaiting() {
    assertEnded("saga-prepared", TransactionStatus.PREPARED);
    assertThat(calls("saga-prepared")).isEmpty();
  }

  @Test
  void aPreparedMessageAsksItsSenderFirst() {
    assertEnded("msg-prepared", TransactionStatus.SUCCEEDED);
    assertThat(calls("msg-prepared")).containsExactly("00 msg", "01 action");
  }

  @Test
  void aMessagesDelayCountsFromItsCreation() {
    assertEnded("msg-delayed", TransactionStatus.SUBMITTED);

    time.advance(Duration.ofMinutes(6), this::settle);

    assertEnded("msg-delayed", TransactionStatus.SUCCEEDED);
    assertThat(calls("msg-delayed")).containsExactly("01 action");
  }

  @Test
  void onlySubscribersWithoutTheMessageGetIt() {
    assertEnded("msg-topic", TransactionStatus.SUCCEEDED);
    assertThat(calls("msg-topic")).containsExactly("01-02 action");
  }

  @Test
  void tccAndXaEndTheirSecondPhase() {
    assertEnded("tcc-submitted", TransactionStatus.SUCCEEDED);
    assertThat(calls("tcc-submitted")).containsExactly("01 confirm");
    assertEnded("tcc-aborting", TransactionStatus.FAILED);
    assertThat(calls("tcc-aborting")).containsExactly("01 cancel");
    assertEnded("tcc-prepared", TransactionStatus.FAILED);
    assertThat(calls("tcc-prepared")).isEmpty();
    assertEnded("xa-submitted", TransactionStatus.SUCCEEDED);
    assertThat(calls("xa-submitted")).containsExactly("01 commit");
  }

  @Test
  void aWorkflowIsResumedWithItsNameAndItsData() {
    assertEnded("workflow", TransactionStatus.PREPARED);
    assertThat(calls("workflow")).isNotEmpty().containsOnly("00 transfer");
    var resume =
        calls.stream()
            .filter(call -> call.gid().value().equals("workflow"))
            .findFirst()
            .orElseThrow();
    assertThat(resume.url()).isEqualTo("http://h/workflow/resume");
    assertThat(resume.payload().bytes()).containsExactly(0, -1);
    assertThat(stored("workflow").branches())
        .extracting(branch -> branch.status())
        .containsExactly(BranchStatus.SUCCEEDED, BranchStatus.FAILED);
  }
}
