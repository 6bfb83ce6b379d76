package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.protocol.grpc.WorkflowData;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs of a client whose steps the server remembers, and which it starts again. */
@ExtendWith(ServerUnderTest.class)
class ConformanceWorkflowIT {
  private final Bench bench;
  private final Participant participant;
  private final String gid = Bench.gid();

  ConformanceWorkflowIT(Bench bench) {
    this.bench = bench;
    this.participant = bench.participant();
  }

  /**
   * The server's part of TestWorkflowNormal, -Rollback, -Tcc, -TccRollback and
   * TestWorkflowGrpcSimple, -Rollback.
   */
  @ParameterizedTest
  @CsvSource({"HTTP,succeed", "HTTP,failed", "GRPC,succeed", "GRPC,failed"})
  void endsAsItsClientSays(Wire wire, String status) {
    bench.send(wire, "prepareWorkflow", workflow(wire));

    assertThat(end(wire, status, "insufficient", "").succeeded()).isTrue();

    var found = bench.query(gid);
    assertThat(found.status()).isEqualTo(status);
    assertThat(found.reason()).isEqualTo("insufficient");
    assertThat(participant.names(gid)).isEmpty();
  }

  /**
   * TestWorkflowResumeSkip, TestWorkflowMixed, TestWorkflowXaResume: what the client needs to skip
   * a step.
   */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void remembersEveryRecordedStep(Wire wire) {
    bench.send(wire, "prepareWorkflow", workflow(wire));
    record(wire, "01", "action", "succeed", "one");
    record(wire, "02", "action", "failed", "two");
    record(wire, "01", "rollback", "succeed", "");

    var again = bench.grpc().prepareWorkflow(workflow(wire).grpc());

    assertThat(again.getTransaction().getStatus()).isEqualTo("prepared");
    assertThat(again.getProgressesList())
        .extracting(step ->
            "%s %s %s %s"
                .formatted(
                    step.getBranchID(),
                    step.getOp(),
                    step.getStatus(),
                    step.getBinData().toStringUtf8()))
        .containsExactlyInAnyOrder(
            "01 action succeed one", "02 action failed two", "01 rollback succeed ");
  }

  /** TestWorkflowResumeSkip over REST: bytes in Base64. */
  @Test
  void showsRecordedStepsOverRest() {
    bench.send(Wire.HTTP, "prepareWorkflow", workflow(Wire.HTTP));
    record(Wire.HTTP, "01", "action", "succeed", "one");

    var step =
        bench.send(Wire.HTTP, "prepareWorkflow", workflow(Wire.HTTP)).body().path("progresses");

    assertThat(step).hasSize(1);
    assertThat(step.get(0).path("bin_data").asText())
        .isEqualTo(Base64.getEncoder().encodeToString("one".getBytes(StandardCharsets.UTF_8)));
  }

  /** TestWorkflowRet. */
  @Test
  void tellsTheResultWhenItIsStartedAgain() {
    bench.send(Wire.HTTP, "prepareWorkflow", workflow(Wire.HTTP));
    end(Wire.HTTP, "succeed", "", "cmVzdWx0");

    var again =
        bench.send(Wire.HTTP, "prepareWorkflow", workflow(Wire.HTTP)).body().path("transaction");

    assertThat(again.path("status").asText()).isEqualTo("succeed");
    assertThat(again.path("result").asText()).isEqualTo("cmVzdWx0");
  }

  /**
   * The server's part of TestWorkflowError, TestWorkflowOngoing, TestWorkflowSimpleResume and
   * TestWorkflowGrpcError.
   */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void resumesAWorkflowUntilItEnds(Wire wire) {
    participant.plan(gid, "00 order", Answer.ERROR, Answer.ONGOING);
    bench.send(wire, "prepareWorkflow", workflow(wire).with("retry_interval", 1));

    Await.until(
        () -> {
          bench.retryNow(gid);
          return participant.names(gid);
        },
        names -> names.size() >= 3);
    assertThat(bench.query(gid).status()).isEqualTo("prepared");
    end(wire, "succeed", "", "");

    assertThat(bench.query(gid).status()).isEqualTo("succeed");
    assertThat(participant.names(gid)).containsOnly("00 order");
  }

  /**
   * TestWorkflowSimpleResume, TestWorkflowGrpcRollbackResume: what the workflow was started with
   * comes along.
   */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void resumesWithTheDataItWasStartedWith(Wire wire) throws Exception {
    bench.send(wire, "prepareWorkflow", workflow(wire).with("retry_interval", 1));

    bench.awaitCalls(gid, 1);
    end(wire, "succeed", "", "");

    var call = participant.calls(gid).getFirst();
    assertThat(call.wire()).isEqualTo(wire);
    var data =
        wire == Wire.GRPC
            ? WorkflowData.parseFrom(call.body().getBytes(StandardCharsets.UTF_8))
                .getData()
                .toStringUtf8()
            : call.body();
    assertThat(data).isEqualTo("input");
    assertThat(call.target()).isEqualTo(wire == Wire.GRPC ? "Execute" : "resume");
  }

  /** TestWorkflowBranchConflict: two runs of one workflow cannot both record a step. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void keepsTheFirstOfTwoRecordsOfOneStep(Wire wire) {
    bench.send(wire, "prepareWorkflow", workflow(wire));
    record(wire, "01", "action", "succeed", "one");

    var second =
        bench.register(
            wire,
            gid,
            "workflow",
            "01",
            Map.of("op", "action", "status", "succeed", "data", "other"));

    assertThat(second.succeeded()).isFalse();
    assertThat(bench.query(gid).rows()).isEqualTo(List.of("01 action succeed"));
  }

  private void record(Wire wire, String branch, String op, String status, String data) {
    var members = Map.of("op", op, "status", status, "data", data);
    assertThat(bench.register(wire, gid, "workflow", branch, members).succeeded()).isTrue();
  }

  private Reply end(Wire wire, String status, String reason, String result) {
    return bench.send(
        wire,
        "submit",
        Request.of(gid, "workflow")
            .with(
                "req_extra",
                Map.of("status", status, "rollback_reason", reason, "result", result)));
  }

  private Request workflow(Wire wire) {
    var data = Base64.getEncoder().encodeToString("input".getBytes(StandardCharsets.UTF_8));
    return Request.of(gid, "workflow")
        .with("custom_data", "{\"name\":\"order\",\"data\":\"%s\"}".formatted(data))
        .with(
            "query_prepared",
            wire == Wire.GRPC
                ? participant.workflowExecute()
                : participant.at(Wire.HTTP, "resume"));
  }
}
