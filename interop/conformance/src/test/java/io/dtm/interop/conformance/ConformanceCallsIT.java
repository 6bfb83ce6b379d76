package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a participant is called, how its answer is read, and what clients may leave untidy. */
@ExtendWith(ServerUnderTest.class)
class ConformanceCallsIT {
  private final Bench bench;
  private final Participant participant;
  private final String gid = Bench.gid();

  ConformanceCallsIT(Bench bench) {
    this.bench = bench;
    this.participant = bench.participant();
  }

  /** The barriers of every client are made from these members. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsTheBranchWhatABarrierNeeds(Wire wire) {
    bench.send(wire, "submit", saga(wire));
    bench.awaitStatus(gid, "succeed");

    var call = participant.calls(gid).getFirst();
    assertThat(call.gid()).isEqualTo(gid);
    assertThat(call.branch()).isEqualTo("01");
    assertThat(call.op()).isEqualTo("action");
    assertThat(call.type()).isEqualTo("saga");
  }

  /** TestSagaNormal: the members stand in the URL, behind what is there. */
  @Test
  void postsThePayloadAsItCame() {
    var url = participant.at(Wire.HTTP, "do?shop=7");
    bench.send(Wire.HTTP, "submit", Request.of(gid, "saga").step(url, ""));
    bench.awaitStatus(gid, "succeed");

    var call = participant.calls(gid).getFirst();
    assertThat(call.verb()).isEqualTo("POST");
    assertThat(call.body()).isEqualTo(Request.PAYLOAD);
    assertThat(call.query()).startsWith("shop=7&").doesNotContain("dtm=");
    assertThat(call.headers()).containsEntry("content-type", "application/json");
  }

  /** TestMsgJrpcNormal: the members stand in the parameters, and not in the URL. */
  @Test
  void mergesTheMembersIntoTheParametersOfAJsonRpcCall() {
    bench.send(Wire.JSON_RPC, "submit", saga(Wire.JSON_RPC));
    bench.awaitStatus(gid, "succeed");

    var call = participant.calls(gid).getFirst();
    assertThat(call.target()).isEqualTo("do");
    assertThat(call.query()).isEqualTo("method=do");
    assertThat(Json.read(call.body()).path("params").path("amount").asInt()).isEqualTo(30);
  }

  /** TestSagaGrpcNormal: payloads are not looked into. */
  @Test
  void sendsThePayloadsBytesOverGrpc() {
    bench.send(Wire.GRPC, "submit", saga(Wire.GRPC));
    bench.awaitStatus(gid, "succeed");

    assertThat(participant.calls(gid).getFirst().body()).isEqualTo(Request.PAYLOAD);
  }

  /** TestTccOldRollback, and what old services do in a saga. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "JSON_RPC"})
  void readsARefusalOutOfTheText(Wire wire) {
    participant.plan(gid, "01 action", Answer.OLD_FAILURE);

    bench.send(wire, "submit", saga(wire));

    bench.awaitStatus(gid, "failed");
    assertThat(participant.names(gid)).containsExactly("01 action", "01 compensate");
  }

  /** TestTccOldNormal, and what old services do in a saga: also ABORTED with the text ONGOING. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void readsNotYetOutOfTheText(Wire wire) {
    participant.plan(gid, "01 action", Answer.OLD_ONGOING);

    bench.send(wire, "submit", saga(wire));

    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid)).containsExactly("01 action", "01 action");
  }

  /** TestSagaGrpcNormal over a definition that names addresses of two kinds. */
  @Test
  void mixesHttpAndGrpcParticipants() {
    var request =
        Request.of(gid, "saga")
            .step(participant.at(Wire.HTTP, "do"), "")
            .step(participant.at(Wire.GRPC, "do"), "");

    bench.send(Wire.GRPC, "submit", request);

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.calls(gid)).extracting(Call::wire).containsExactly(Wire.HTTP, Wire.GRPC);
  }

  /** TestTccGrpcCoverCallBranch: a scheme that nobody resolves. */
  @Test
  void refusesAnAddressThatItCanNeverCall() {
    var reply = bench.send(Wire.GRPC, "submit", Request.of(gid, "saga").step("none://a/b/c", ""));

    assertThat(reply.code()).isEqualTo(400);
    assertThat(bench.query(gid).transaction().isNull()).isTrue();
  }

  /**
   * Nulls, members of other versions, members given twice: what the clients of six languages send.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"branch_headers\":null,\"custom_data\":null,\"query_prepared\":null",
        "\"passthrough_headers\":[\"a\"],\"subType\":\"saga\",\"subType\":\"saga\"",
        "\"unknown\":{\"a\":[1,2,{}]},\"wait_result\":false",
        "\"timeout_to_fail\":0,\"retry_limit\":0,\"protocol\":\"\""
      })
  void takesWhatClientsSendBesides(String members) {
    var body =
        "{\"gid\":\"%s\",\"trans_type\":\"saga\",%s,\"payloads\":[\"{}\"],\"steps\":[{\"action\":\"%s\",\"compensate\":\"\"}]}"
            .formatted(gid, members, participant.at(Wire.HTTP, "do"));

    assertThat(bench.post("/api/dtmsvr/submit", body).succeeded()).isTrue();

    bench.awaitStatus(gid, "succeed");
  }

  /** The paths under which old clients register branches. */
  @ParameterizedTest
  @ValueSource(strings = {"registerTccBranch", "registerBranch"})
  void takesTheOldPathOfARegistration(String path) {
    bench.send(Wire.HTTP, "prepare", Request.of(gid, "tcc"));

    var reply =
        bench.post(
            "/api/dtmsvr/" + path,
            Json.write(
                Map.of(
                    "gid", gid,
                    "trans_type", "tcc",
                    "branch_id", "01",
                    "confirm", participant.at(Wire.HTTP, "confirm"),
                    "cancel", participant.at(Wire.HTTP, "cancel"),
                    "data", "{}",
                    "status", "prepared",
                    "try", "http://unused")));

    assertThat(reply.succeeded()).isTrue();
    bench.send(Wire.HTTP, "submit", Request.of(gid, "tcc"));
    bench.awaitStatus(gid, "succeed");
    assertThat(participant.names(gid)).containsExactly("01 confirm");
  }

  private Request saga(Wire wire) {
    return Request.of(gid, "saga")
        .with("protocol", wire == Wire.JSON_RPC ? "json-rpc" : "http")
        .step(participant.at(wire, "do"), participant.at(wire, "undo"));
  }
}
