package io.dtm.server.api.grpc;

import static io.dtm.server.api.grpc.RunningEdge.saga;
import static io.dtm.server.api.grpc.RunningEdge.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dtm.protocol.grpc.BranchView;
import io.dtm.protocol.grpc.OversightGrpc;
import io.dtm.protocol.grpc.Parking;
import io.dtm.protocol.grpc.TransactionName;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.TransactionStatus;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OversightServiceTest {
  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void aTransactionIsShownWithItsBranches() {
    edge.participant(call ->
        call.url().equals("http://bank/in")
            ? new BranchResult.Refused("frozen")
            : new BranchResult.Succeeded());
    edge.submit(waiting(saga("g1").build()));

    var view = oversight().query(named("g1"));

    assertThat(view.getGid()).isEqualTo("g1");
    assertThat(view.getTransType()).isEqualTo("saga");
    assertThat(view.getStatus()).isEqualTo("failed");
    assertThat(view.getRollbackReason()).startsWith("url:http://bank/in return failed: frozen");
    assertThat(view.getCreateTime().getSeconds()).isEqualTo(RunningEdge.START.getEpochSecond());
    assertThat(view.getFinishTime().getSeconds()).isEqualTo(RunningEdge.START.getEpochSecond());
    assertThat(view.hasNextCronTime()).isFalse();
    assertThat(view.getBranchesList())
        .extracting(BranchView::getBranchId, BranchView::getOp, BranchView::getStatus)
        .containsExactly(
            tuple("01", "compensate", "succeed"),
            tuple("01", "action", "succeed"),
            tuple("02", "compensate", "succeed"),
            tuple("02", "action", "failed"));
  }

  @Test
  void anOpenTransactionTellsWhenItIsLookedAtNext() {
    edge.participant(call -> new BranchResult.Unclear("down"));
    edge.submit(waiting(saga("g1").build()));

    var view = oversight().query(named("g1"));

    assertThat(view.hasFinishTime()).isFalse();
    assertThat(view.getNextCronTime().getSeconds())
        .isGreaterThan(RunningEdge.START.getEpochSecond());
  }

  @Test
  void aTransactionThatIsNotThereIsNotFound() {
    for (var work :
        List.<Runnable>of(
            () -> oversight().query(named("g1")),
            () -> oversight().forceStop(named("g1")),
            () -> oversight().retryNow(named("g1")))) {
      assertThatThrownBy(work::run).hasMessage("NOT_FOUND: no TransGlobal with gid: g1 found");
    }
  }

  @Test
  void anOperatorStopsATransactionOnce() {
    edge.participant(call -> new BranchResult.Unclear("down"));
    edge.submit(waiting(saga("g1").build()));

    oversight().forceStop(named("g1"));

    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.FAILED);
    assertThatThrownBy(() -> oversight().forceStop(named("g1")))
        .hasMessage("ABORTED: global transaction force stop error. status: failed. error: FAILURE");
  }

  @Test
  void anOperatorHasATransactionTakenUpNow() {
    edge.participant(call -> new BranchResult.Unclear("down"));
    edge.submit(waiting(saga("g1").build()));
    edge.participant(call -> new BranchResult.Succeeded());

    oversight().retryNow(named("g1"));

    edge.awaitQuiet();
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void onlyAWorkflowIsParkedAndForAReason() {
    edge.participant(call -> new BranchResult.Unclear("down"));
    edge.submit(waiting(saga("g1").build()));

    assertThatThrownBy(() -> oversight().parkWorkflow(parking("g1", "why")))
        .hasMessageStartingWith("ABORTED: TransType: workflow (expected: saga");
    assertThatThrownBy(() -> oversight().parkWorkflow(parking("g2", "why")))
        .hasMessage("NOT_FOUND: no TransGlobal with gid: g2 found");
    assertThatThrownBy(() -> oversight().parkWorkflow(parking("g1", "")))
        .hasMessageStartingWith("INVALID_ARGUMENT: reason");
  }

  private static Parking parking(String gid, String reason) {
    return Parking.newBuilder().setGid(gid).setReason(reason).build();
  }

  private OversightGrpc.OversightBlockingStub oversight() {
    return OversightGrpc.newBlockingStub(edge.channel)
        .withDeadlineAfter(RunningEdge.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static TransactionName named(String gid) {
    return TransactionName.newBuilder().setGid(gid).build();
  }
}
