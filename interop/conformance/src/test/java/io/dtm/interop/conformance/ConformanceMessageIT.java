package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps that are delivered until they succeed, once their sender has committed. */
@ExtendWith(ServerUnderTest.class)
class ConformanceMessageIT {
  private final Bench bench;
  private final Participant participant;
  private final String gid = Bench.gid();

  ConformanceMessageIT(Bench bench) {
    this.bench = bench;
    this.participant = bench.participant();
  }

  /** TestMsgNormal, TestMsgGrpcNormal: two subscribers of one topic. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void deliversToEverySubscriberOfATopic(Wire wire) {
    var topic = "topic-" + gid;
    var gate = new CountDownLatch(1);
    bench.topic(wire, "subscribe", topic, participant.at(wire, "one"));
    bench.topic(wire, "subscribe", topic, participant.at(wire, "two"));
    participant.plan(gid, "01-01 action", Answer.SUCCESS.after(gate));

    bench.send(wire, "submit", Request.of(gid, "msg").step("topic://" + topic));
    assertThat(bench.query(gid).status()).isEqualTo("submitted");
    gate.countDown();

    assertThat(bench.awaitStatus(gid, "succeed").rows())
        .containsExactly("01-01 action succeed", "01-02 action succeed");
    assertThat(participant.calls(gid)).extracting(Call::target).containsExactly("one", "two");
  }

  /** TestMsgTimeoutSuccess, TestMsgGrpcTimeoutSuccess. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void goesOnOnceTheSenderSaysThatItCommitted(Wire wire) {
    participant.plan(gid, "00 msg", Answer.ONGOING);
    participant.plan(gid, "01 action", Answer.ONGOING);

    bench.send(wire, "prepare", impatient(wire));
    bench.awaitCalls(gid, 1);
    assertThat(bench.query(gid).status()).isEqualTo("prepared");

    assertThat(bench.driveTo(gid, "succeed").statuses()).containsExactly("succeed", "succeed");
    assertThat(participant.names(gid))
        .containsExactly("00 msg", "00 msg", "01 action", "01 action", "02 action");
  }

  /** TestMsgTimeoutFailed, TestMsgGrpcTimeoutFailed. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void failsOnceTheSenderSaysThatItDidNotCommit(Wire wire) {
    participant.plan(gid, "00 msg", Answer.FAILURE);

    bench.send(wire, "prepare", impatient(wire));

    assertThat(bench.awaitStatus(gid, "failed").statuses()).containsExactly("prepared", "prepared");
    assertThat(participant.names(gid)).containsExactly("00 msg");
  }

  /** TestMsgAbnormal, TestMsgJrpcRepeated. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void canBePreparedAgainUntilItIsSubmitted(Wire wire) {
    var message = message(wire).with("query_prepared", asked(wire));
    assertThat(bench.send(wire, "prepare", message).succeeded()).isTrue();
    assertThat(bench.send(wire, "prepare", message).succeeded()).isTrue();
    assertThat(bench.send(wire, "submit", message).succeeded()).isTrue();
    bench.awaitStatus(gid, "succeed");

    assertThat(bench.send(wire, "prepare", message).message())
        .contains("current status 'succeed', cannot prepare");
    assertThat(bench.send(wire, "submit", message).code()).isEqualTo(409);
  }

  /** TestMsgTopicNotFoundFailed. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void cannotBeSentToATopicThatNobodyMade(Wire wire) {
    var reply = bench.send(wire, "submit", Request.of(gid, "msg").step("topic://none-" + gid));

    assertThat(reply.succeeded()).isFalse();
    assertThat(reply.message()).contains("topic not found");
  }

  /** TestMsgOptionsTimeout: nobody is asked before the default of 35 seconds. */
  @Test
  void asksNobodyBeforeItsTimeIsUp() {
    bench.send(Wire.HTTP, "prepare", message(Wire.HTTP).with("query_prepared", asked(Wire.HTTP)));

    watchUnasked();
  }

  /** TestMsgOptionsTimeoutCustom: timeout_to_fail puts the question off. */
  @Test
  void asksNobodyBeforeTheTimeItWasGivenIsUp() {
    bench.send(Wire.HTTP, "prepare", impatient(Wire.HTTP).with("timeout_to_fail", 120));

    watchUnasked();
  }

  /** TestMsgOptionsTimeoutFailed: the same, for a sender that would say no. */
  @Test
  void goesOnWhenItIsSubmittedBeforeAnybodyWasAsked() {
    participant.plan(gid, "00 msg", Answer.FAILURE);
    bench.send(Wire.HTTP, "prepare", impatient(Wire.HTTP).with("timeout_to_fail", 120));

    bench.send(Wire.HTTP, "submit", impatient(Wire.HTTP));

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.names(gid)).containsExactly("01 action", "02 action");
  }

  /** TestMsgConcurrent. */
  @Test
  void deliversConcurrentStepsAtOnce() {
    var gate = new CountDownLatch(1);
    participant.plan(gid, "01 action", Answer.SUCCESS.after(gate));

    bench.send(Wire.HTTP, "submit", message(Wire.HTTP).with("concurrent", true));
    bench.awaitCalls(gid, 2);
    gate.countDown();

    assertThat(bench.awaitStatus(gid, "succeed").statuses()).containsExactly("succeed", "succeed");
  }

  /** TestMsgDelayNormal. */
  @Test
  void deliversNothingBeforeItsDelayIsOver() {
    bench.send(
        Wire.HTTP,
        "submit",
        message(Wire.HTTP).with("custom_data", "{\"delay\":4}").with("retry_interval", 1));

    Await.stays(Duration.ofMillis(600), () -> participant.names(gid), List::isEmpty);
    assertThat(bench.query(gid).statuses()).containsExactly("prepared", "prepared");
    bench.awaitStatus(gid, "succeed");
  }

  /** TestMsgWebhook, TestMsgWebhookError: the webhook itself answers with an error. */
  @Test
  void reportsTheThirdErrorInARowAndGoesOn() {
    Assumptions.assumeTrue(bench.ownServer(), "needs a server with a webhook of ours");
    participant.plan(gid, "01 action", Answer.ERROR, Answer.ERROR, Answer.ERROR);

    bench.send(Wire.HTTP, "submit", message(Wire.HTTP).with("retry_interval", 1));
    bench.driveTo(gid, "succeed");

    var alerts = Await.until(() -> participant.alerts(gid), all -> !all.isEmpty());
    assertThat(alerts).hasSize(1);
    assertThat(alerts.getFirst().path("branch").asText())
        .isEqualTo(participant.at(Wire.HTTP, "one"));
    assertThat(alerts.getFirst().path("retry_count").asInt()).isEqualTo(3);
    assertThat(alerts.getFirst().path("status").asText()).isEqualTo("submitted");
    assertThat(alerts.getFirst().path("error").asText()).contains("disk full");
  }

  /** TestMsgDoAndSubmit's server side, and its twins over gRPC and JSON-RPC. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void deliversWhatWasPreparedOnceItIsSubmitted(Wire wire) {
    var message = message(wire).with("query_prepared", asked(wire));
    bench.send(wire, "prepare", message);
    assertThat(participant.names(gid)).isEmpty();

    assertThat(bench.send(wire, "submit", message).succeeded()).isTrue();

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.names(gid)).containsExactly("01 action", "02 action");
  }

  /** TestMsgDoAndSubmitBusiFailed's server side, and its twins over gRPC and JSON-RPC. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void deliversNothingOnceItIsAborted(Wire wire) {
    var message = message(wire).with("query_prepared", asked(wire));
    bench.send(wire, "prepare", message);

    assertThat(bench.send(wire, "abort", message).succeeded()).isTrue();

    assertThat(bench.query(gid).status()).isEqualTo("failed");
    assertThat(bench.send(wire, "submit", message).code()).isEqualTo(409);
    assertThat(participant.names(gid)).isEmpty();
  }

  /** TestMsgJrpcNormal: one HTTP and one JSON-RPC branch. */
  @Test
  void mixesHttpAndJsonRpcParticipants() {
    var message =
        Request.of(gid, "msg")
            .with("protocol", "json-rpc")
            .step(participant.at(Wire.HTTP, "one"))
            .step(participant.at(Wire.JSON_RPC, "two"));

    bench.send(Wire.JSON_RPC, "submit", message);

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.calls(gid))
        .extracting(Call::wire)
        .containsExactly(Wire.HTTP, Wire.JSON_RPC);
  }

  /** TestMsgJrpcResults, and what the other wires mean by the same answers. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void callsAStepAgainWhateverItAnsweredUnlessItSucceeded(Wire wire) {
    participant.plan(gid, "01 action", Answer.ERROR, Answer.ONGOING, Answer.FAILURE);

    bench.send(wire, "submit", message(wire).with("retry_interval", 1));
    bench.awaitCalls(gid, 1);
    assertThat(bench.query(gid).status()).isEqualTo("submitted");

    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid))
        .containsExactly("01 action", "01 action", "01 action", "01 action", "02 action");
  }

  private void watchUnasked() {
    for (int turn = 0; turn < 3; turn++) {
      bench.retryNow(gid);
      Await.stays(Duration.ofMillis(200), () -> participant.names(gid), List::isEmpty);
    }
    assertThat(bench.query(gid).status()).isEqualTo("prepared");
  }

  private Request message(Wire wire) {
    return Request.of(gid, "msg")
        .with("protocol", wire == Wire.JSON_RPC ? "json-rpc" : "http")
        .step(participant.at(wire, "one"))
        .step(participant.at(wire, "two"));
  }

  /**
   * Where a sender is asked: over JSON-RPC nobody can be, for a call has to have a payload there.
   */
  private String asked(Wire wire) {
    return participant.at(wire == Wire.GRPC ? Wire.GRPC : Wire.HTTP, "asked");
  }

  /** A message whose sender is asked after a second. */
  private Request impatient(Wire wire) {
    return message(wire)
        .with("query_prepared", asked(wire))
        .with("timeout_to_fail", 1)
        .with("retry_interval", 1);
  }
}
