package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps that are undone in reverse when one is refused. */
@ExtendWith(ServerUnderTest.class)
class ConformanceSagaIT {
  private final Bench bench;
  private final Participant participant;
  private final String gid = Bench.gid();

  ConformanceSagaIT(Bench bench) {
    this.bench = bench;
    this.participant = bench.participant();
  }

  /** TestSagaNormal, TestSagaGrpcNormal. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void succeedsWhenEveryActionDoes(Wire wire) {
    assertThat(bench.send(wire, "submit", saga(wire)).succeeded()).isTrue();

    var found = bench.awaitStatus(gid, "succeed");
    assertThat(found.rows())
        .containsExactly(
            "01 compensate prepared",
            "01 action succeed",
            "02 compensate prepared",
            "02 action succeed");
    assertThat(found.reason()).isEmpty();
    assertThat(participant.names(gid)).containsExactly("01 action", "02 action");
    assertThat(participant.calls(gid)).allMatch(call -> call.wire() == wire);
  }

  /** TestSagaRollback, TestSagaGrpcRollback. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void compensatesInReverseWithTheRefusedStepIncluded(Wire wire) {
    participant.plan(gid, "02 action", Answer.refusal("no such account"));

    bench.send(wire, "submit", saga(wire));

    var found = bench.awaitStatus(gid, "failed");
    assertThat(found.statuses()).containsExactly("succeed", "succeed", "succeed", "failed");
    assertThat(found.reason()).contains("no such account");
    assertThat(participant.names(gid))
        .containsExactly("01 action", "02 action", "02 compensate", "01 compensate");
  }

  /** TestSagaGrpcRollback: the compensation that is not finished yet. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void repeatsACompensationThatIsOngoing(Wire wire) {
    participant.plan(gid, "02 action", Answer.FAILURE);
    participant.plan(gid, "02 compensate", Answer.ONGOING);

    bench.send(wire, "submit", saga(wire));
    bench.awaitCalls(gid, 3);
    assertThat(bench.query(gid).status()).isEqualTo("aborting");

    bench.driveTo(gid, "failed");
    assertThat(participant.names(gid))
        .containsExactly(
            "01 action", "02 action", "02 compensate", "02 compensate", "01 compensate");
  }

  /** TestSagaOngoingSucceed, TestSagaGrpcCommittedOngoing. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void staysSubmittedWhileAnActionIsOngoing(Wire wire) {
    participant.plan(gid, "02 action", Answer.ONGOING);

    bench.send(wire, "submit", saga(wire));
    bench.awaitCalls(gid, 2);
    assertThat(bench.query(gid).status()).isEqualTo("submitted");

    assertThat(bench.driveTo(gid, "succeed").statuses())
        .containsExactly("prepared", "succeed", "prepared", "succeed");
    assertThat(participant.names(gid)).containsExactly("01 action", "02 action", "02 action");
  }

  /** TestSagaFailed. */
  @Test
  void staysAbortingWhileACompensationFails() {
    participant.plan(gid, "02 action", Answer.FAILURE);
    participant.plan(gid, "01 compensate", Answer.ERROR, Answer.FAILURE);

    bench.send(Wire.HTTP, "submit", saga(Wire.HTTP));
    bench.awaitCalls(gid, 4);
    assertThat(bench.query(gid).status()).isEqualTo("aborting");

    assertThat(bench.driveTo(gid, "failed").statuses())
        .containsExactly("succeed", "succeed", "succeed", "failed");
    assertThat(participant.names(gid)).filteredOn("01 compensate"::equals).hasSize(3);
  }

  /** TestSagaAbnormal. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void takesARepeatedSubmitUntilItIsFinished(Wire wire) {
    participant.plan(gid, "01 action", Answer.ONGOING);
    bench.send(wire, "submit", saga(wire));
    bench.awaitCalls(gid, 1);

    assertThat(bench.send(wire, "submit", saga(wire)).succeeded()).isTrue();
    bench.driveTo(gid, "succeed");

    var late = bench.send(wire, "submit", saga(wire));
    assertThat(late.code()).isEqualTo(409);
    assertThat(late.message()).contains("current status 'succeed'").contains("FAILURE");
  }

  /** TestSagaEmptyUrl, TestSagaGrpcEmptyUrl. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void takesAnEmptyUrlForDone(Wire wire) {
    var request =
        Request.of(gid, "saga")
            .with("protocol", protocol(wire))
            .step(participant.at(wire, "out"), "")
            .step("", "");

    bench.send(wire, "submit", request);

    assertThat(bench.awaitStatus(gid, "succeed").statuses())
        .containsExactly("prepared", "succeed", "prepared", "succeed");
    assertThat(participant.names(gid)).containsExactly("01 action");
  }

  /** TestSagaCompatibleNormal. */
  @Test
  void takesThePayloadOutOfStepsAsOldClientsWriteThem() {
    var body =
        """
        {"gid":"%s","trans_type":"saga","steps":[
        {"action":"%s","compensate":"%s","data":"{\\"amount\\":7}"},
        {"action":"%s","compensate":"%s","data":"{\\"amount\\":8}"}]}\
        """
            .formatted(
                gid,
                participant.at(Wire.HTTP, "out"),
                participant.at(Wire.HTTP, "undo"),
                participant.at(Wire.HTTP, "in"),
                participant.at(Wire.HTTP, "undo"));

    assertThat(bench.post("/api/dtmsvr/submit", body).succeeded()).isTrue();

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.calls(gid))
        .extracting(Call::body)
        .containsExactly("{\"amount\":7}", "{\"amount\":8}");
  }

  /** TestSagaConNormal, TestSagaGrpcCurrent. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void runsConcurrentActionsAtOnce(Wire wire) {
    var gate = new CountDownLatch(1);
    participant.plan(gid, "01 action", Answer.SUCCESS.after(gate));

    bench.send(wire, "submit", concurrent(wire, "{}"));
    bench.awaitCalls(gid, 2);
    gate.countDown();

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.names(gid)).containsExactlyInAnyOrder("01 action", "02 action");
  }

  /** TestSagaConRollbackNormal. */
  @Test
  void finishesAConcurrentRollbackThatIsOngoing() {
    participant.plan(gid, "02 action", Answer.FAILURE);
    participant.plan(gid, "01 compensate", Answer.ONGOING);

    bench.send(Wire.HTTP, "submit", concurrent(Wire.HTTP, "{}"));

    assertThat(bench.driveTo(gid, "failed").statuses()).endsWith("succeed", "failed");
    assertThat(participant.names(gid)).contains("02 compensate");
  }

  /** TestSagaConRollbackOrder, TestSagaGrpcCurrentOrder. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void neverTouchesAStepWhosePredecessorWasRefused(Wire wire) {
    participant.plan(gid, "01 action", Answer.FAILURE);

    bench.send(wire, "submit", concurrent(wire, "{\"1\":[0]}"));

    assertThat(bench.awaitStatus(gid, "failed").statuses())
        .containsExactly("succeed", "failed", "prepared", "prepared");
    assertThat(participant.names(gid)).containsExactly("01 action", "01 compensate");
  }

  /** TestSagaConRollbackOrder2. */
  @Test
  void compensatesBothWhenTheLaterOfTwoOrderedStepsIsRefused() {
    participant.plan(gid, "02 action", Answer.FAILURE);

    bench.send(Wire.HTTP, "submit", concurrent(Wire.HTTP, "{\"1\":[0]}"));

    assertThat(bench.awaitStatus(gid, "failed").statuses())
        .containsExactly("succeed", "succeed", "succeed", "failed");
    assertThat(participant.names(gid))
        .containsExactly("01 action", "02 action", "02 compensate", "01 compensate");
  }

  /** TestSagaConCommittedOngoing. */
  @Test
  void completesTheOtherConcurrentActionsWhileOneIsOngoing() {
    participant.plan(gid, "01 action", Answer.ONGOING);

    bench.send(Wire.HTTP, "submit", concurrent(Wire.HTTP, "{}"));

    Await.until(
        () -> bench.query(gid).statuses(),
        List.of("prepared", "prepared", "prepared", "succeed")::equals);
    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid)).filteredOn("02 action"::equals).hasSize(1);
  }

  /** TestSagaOptionsRetryOngoing. */
  @Test
  void keepsTheRetryIntervalWhenAnActionIsOngoing() {
    participant.plan(gid, "01 action", Answer.ONGOING);

    bench.send(Wire.HTTP, "submit", saga(Wire.HTTP).with("retry_interval", 150));
    bench.awaitCalls(gid, 1);

    Await.stays(
        Duration.ofMillis(150), () -> bench.query(gid).retryInterval(), Long.valueOf(150)::equals);
    bench.driveTo(gid, "succeed");
  }

  /** TestSagaOptionsRetryError. */
  @Test
  void doublesTheRetryIntervalAfterAnError() {
    participant.plan(gid, "01 action", Answer.ERROR);

    bench.send(Wire.HTTP, "submit", saga(Wire.HTTP).with("retry_interval", 150));

    Await.until(() -> bench.query(gid).retryInterval(), Long.valueOf(300)::equals);
    bench.driveTo(gid, "succeed");
  }

  /** TestSagaOptionsTimeout. */
  @Test
  void rollsBackOnceItsTimeIsUp() {
    participant.plan(gid, "01 action", Answer.ONGOING, Answer.ONGOING, Answer.ONGOING);

    bench.send(
        Wire.HTTP, "submit", saga(Wire.HTTP).with("timeout_to_fail", 1).with("retry_interval", 1));

    var found = bench.awaitStatus(gid, "failed");
    assertThat(found.reason()).startsWith("Timeout after 1 seconds");
    assertThat(found.statuses()).containsExactly("succeed", "prepared", "prepared", "prepared");
    assertThat(participant.names(gid)).endsWith("01 compensate").doesNotContain("02 compensate");
  }

  /** TestSagaOptionsNormalWait, TestSagaGrpcNormalWait, and both tests of request_timeout. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void isFinishedWhenAWaitedSubmitReturns(Wire wire) {
    var request = saga(wire).with("wait_result", true).with("request_timeout", 6);

    assertThat(bench.send(wire, "submit", request).succeeded()).isTrue();

    assertThat(bench.query(gid).status()).isEqualTo("succeed");
  }

  /** TestSagaOptionsCommittedOngoingWait. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAWaitingClientThatItIsNotDoneYet(Wire wire) {
    participant.plan(gid, "02 action", Answer.ONGOING);

    var reply = bench.send(wire, "submit", saga(wire).with("wait_result", true));

    assertThat(reply.code()).isIn(409, 425);
    bench.driveTo(gid, "succeed");
  }

  /** TestSagaOptionsRollbackWait, TestSagaGrpcOptionsRollbackWait. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAWaitingClientWhyItWasRolledBack(Wire wire) {
    participant.plan(gid, "02 action", Answer.refusal("no such account"));

    var reply = bench.send(wire, "submit", saga(wire).with("wait_result", true));

    assertThat(reply.code()).isEqualTo(409);
    assertThat(reply.message()).contains("no such account").endsWith("FAILURE");
    bench.awaitStatus(gid, "failed");
  }

  /** TestSagaHeaders, TestSagaHeadersYes1, TestSagaGrpcHeaders, TestSagaGrpcCronHeaders. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void sendsBranchHeadersWithRetriesToo(Wire wire) {
    participant.plan(gid, "01 action", Answer.ONGOING);

    bench.send(wire, "submit", saga(wire).with("branch_headers", Map.of("test_header", "yes")));
    bench.awaitCalls(gid, 1);
    bench.driveTo(gid, "succeed");

    assertThat(participant.calls(gid))
        .hasSize(3)
        .allMatch(call -> "yes".equals(call.headers().get("test_header")));
  }

  /** TestSagaGlobalTransWithRetryLimitYes. */
  @Test
  void repeatsAnActionWithinTheRetryLimit() {
    participant.plan(gid, "02 action", Answer.ERROR, Answer.ERROR, Answer.ERROR);

    bench.send(
        Wire.HTTP, "submit", saga(Wire.HTTP).with("retry_limit", 3).with("retry_interval", 1));

    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid)).filteredOn("02 action"::equals).hasSize(4);
  }

  /** TestSagaGlobalTransWithRetryLimitNo. */
  @Test
  void rollsBackOnceTheRetryLimitIsExceeded() {
    participant.plan(gid, "02 action", Answer.ERROR, Answer.ERROR);

    bench.send(
        Wire.HTTP, "submit", saga(Wire.HTTP).with("retry_limit", 1).with("retry_interval", 1));

    var found = bench.driveTo(gid, "failed");
    assertThat(found.reason()).isEqualTo("RetryCount is greater than RetryLimit, RetryLimit: 1");
    assertThat(found.statuses()).containsExactly("succeed", "succeed", "succeed", "prepared");
  }

  private Request saga(Wire wire) {
    return Request.of(gid, "saga")
        .with("protocol", protocol(wire))
        .step(participant.at(wire, "out"), participant.at(wire, "out-undo"))
        .step(participant.at(wire, "in"), participant.at(wire, "in-undo"));
  }

  private Request concurrent(Wire wire, String orders) {
    return saga(wire).with("custom_data", "{\"concurrent\":true,\"orders\":%s}".formatted(orders));
  }

  private static String protocol(Wire wire) {
    return wire == Wire.JSON_RPC ? "json-rpc" : "http";
  }
}
