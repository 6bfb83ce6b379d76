package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dtm.protocol.grpc.DtmRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where DTM 1.19 goes wrong and this server does not: the numbers are those of
 * docs/compatibility.md.
 */
@ExtendWith(ServerUnderTest.class)
class ConformanceDefectsIT {
  private final Bench bench;
  private final Participant participant;
  private final String gid = Bench.gid();

  ConformanceDefectsIT(Bench bench) {
    this.bench = bench;
    this.participant = bench.participant();
  }

  /** D1: saga and message. */
  @ParameterizedTest
  @ValueSource(strings = {"saga", "msg"})
  void d01RepeatedSubmitNeverRunsAnythingTwice(String type) {
    participant.plan(gid, "02 action", Answer.ONGOING);
    var request =
        Request.of(gid, type)
            .step(participant.at(Wire.HTTP, "one"), "")
            .step(participant.at(Wire.HTTP, "two"), "");
    bench.send(Wire.HTTP, "submit", request);
    bench.awaitCalls(gid, 2);

    assertThat(bench.send(Wire.HTTP, "submit", request).succeeded()).isTrue();

    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid)).containsExactly("01 action", "02 action", "02 action");
  }

  /** D1: TCC and XA, where the repeat made an end of the transaction without its second phase. */
  @ParameterizedTest
  @ValueSource(strings = {"tcc", "xa"})
  void d01RepeatedSubmitNeverSkipsTheSecondPhase(String type) {
    var call = type.equals("tcc") ? "01 confirm" : "01 commit";
    participant.plan(gid, call, Answer.ONGOING);
    bench.send(Wire.HTTP, "prepare", Request.of(gid, type));
    register(type);
    bench.send(Wire.HTTP, "submit", Request.of(gid, type));
    bench.awaitCalls(gid, 1);

    assertThat(bench.send(Wire.HTTP, "submit", Request.of(gid, type)).succeeded()).isTrue();

    assertThat(bench.driveTo(gid, "succeed").rows()).contains(call + " succeed");
    assertThat(participant.names(gid)).containsExactly(call, call);
  }

  /** D2: submit. */
  @Test
  void d02SubmitAsAnotherTypeIsRefused() {
    bench.send(Wire.HTTP, "prepare", Request.of(gid, "tcc"));
    register("tcc");

    assertThat(bench.send(Wire.HTTP, "submit", Request.of(gid, "xa")).code()).isEqualTo(409);

    assertThat(bench.query(gid).status()).isEqualTo("prepared");
    bench.send(Wire.HTTP, "submit", Request.of(gid, "tcc"));
    bench.awaitStatus(gid, "succeed");
    assertThat(participant.names(gid)).containsExactly("01 confirm");
  }

  /** D2: abort. */
  @Test
  void d02AbortAsAnotherTypeIsRefused() {
    bench.send(Wire.HTTP, "prepare", saga());

    assertThat(bench.send(Wire.HTTP, "abort", Request.of(gid, "tcc")).code()).isEqualTo(409);

    assertThat(bench.query(gid).status()).isEqualTo("prepared");
  }

  /** D3. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void d03DeletedTopicDeliversNothingAndANewOneOnlyToItsOwnSubscribers(Wire wire) {
    var topic = "deleted-" + gid;
    var message = Request.of(gid, "msg").step("topic://" + topic);
    bench.topic(wire, "subscribe", topic, participant.at(wire, "old"));
    assertThat(bench.topic(wire, "delete", topic, "").succeeded()).isTrue();
    assertThat(bench.send(wire, "submit", message).message()).contains("topic not found");

    bench.topic(wire, "subscribe", topic, participant.at(wire, "new"));
    assertThat(bench.send(wire, "submit", message).succeeded()).isTrue();

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.calls(gid)).extracting(Call::target).containsExactly("new");
  }

  /** D4. */
  @Test
  void d04JsonRpcParticipantsRefuseAndPutOffByCode() {
    participant.plan(gid, "01 action", Answer.ONGOING, Answer.FAILURE);
    var request =
        Request.of(gid, "saga")
            .with("protocol", "json-rpc")
            .with("retry_interval", 150)
            .step(participant.at(Wire.JSON_RPC, "do"), participant.at(Wire.JSON_RPC, "undo"));

    bench.send(Wire.JSON_RPC, "submit", request);
    bench.awaitCalls(gid, 1);
    Await.stays(
        Duration.ofMillis(150), () -> bench.query(gid).retryInterval(), Long.valueOf(150)::equals);

    assertThat(bench.driveTo(gid, "failed").statuses()).containsExactly("succeed", "failed");
  }

  /** D5. */
  @Test
  void d05GidsThatBeginAlikeKeepTheirOwnBranches() {
    var gids = List.of(gid, gid + "0", gid + "01", gid + "001");
    gids.forEach(each -> {
      participant.plan(each, "01 action", Answer.ONGOING);
      bench.send(Wire.HTTP, "submit", saga(each));
    });

    for (var each : gids) {
      bench.awaitCalls(each, 1);
      assertThat(bench.query(each).rows()).hasSize(4);
      bench.driveTo(each, "succeed");
      assertThat(participant.names(each)).containsExactly("01 action", "01 action", "02 action");
    }
  }

  /** D6. */
  @Test
  void d06ListingsByTimeShowFinishedWorkflows() {
    var begin = System.currentTimeMillis();
    prepareWorkflow(Wire.HTTP);
    endWorkflow(Wire.HTTP, "succeed", "");

    var reply =
        bench.get(
            "/api/dtmsvr/all?limit=1000&transType=workflow&createTimeStart=%d&createTimeEnd=%d"
                .formatted(begin - 5_000, begin + 60_000));

    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.body().path("transactions").toString()).contains(gid);
  }

  /** D7. */
  @Test
  void d07SubmitLeavesWhatWasPreparedAsItIs() {
    prepareWorkflow(Wire.HTTP);
    var before = bench.query(gid).transaction();

    endWorkflow(Wire.HTTP, "succeed", "");

    var after = bench.query(gid).transaction();
    for (var member : List.of("create_time", "query_prepared", "custom_data", "options")) {
      assertThat(after.path(member)).as(member).isEqualTo(before.path(member));
    }
    assertThat(after.path("create_time").isTextual()).isTrue();
  }

  /** D8. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void d08WorkflowsEndOnlyAsSucceedOrFailed(Wire wire) {
    prepareWorkflow(wire);

    for (var status : List.of("", "prepared", "done")) {
      assertThat(endWorkflow(wire, status, "").code()).as(status).isEqualTo(400);
    }

    assertThat(bench.query(gid).status()).isEqualTo("prepared");
    assertThat(endWorkflow(wire, "failed", "").succeeded()).isTrue();
  }

  /** D9: over each wire, without the member "sync" that asked DTM for a careful write. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void d09RecordedStepsOfAWorkflowAreKeptWithTheirData(Wire wire) {
    prepareWorkflow(wire);

    bench.register(
        wire,
        gid,
        "workflow",
        "01",
        Map.of("op", "action", "status", "succeed", "data", "bytes to keep"));

    var progresses = bench.grpc().prepareWorkflow(workflow().grpc()).getProgressesList();
    assertThat(progresses).hasSize(1);
    assertThat(progresses.getFirst().getBinData())
        .isEqualTo(ByteString.copyFromUtf8("bytes to keep"));
  }

  /** D12. */
  @Test
  void d12ResetBringsTheNextTryForward() {
    participant.plan(gid, "01 action", Answer.ONGOING);
    bench.send(Wire.HTTP, "submit", saga().with("retry_interval", 3_600));
    bench.awaitCalls(gid, 1);
    Await.stays(Duration.ofMillis(200), () -> bench.query(gid).status(), "submitted"::equals);

    assertThat(bench.command("resetNextCronTime", gid).succeeded()).isTrue();

    bench.awaitStatus(gid, "succeed");
  }

  /** D13. */
  @Test
  void d13ListingsLeaveNothingOutBetweenPages() {
    var gids = List.of(gid + "-a", gid + "-b", gid + "-c", gid + "-d", gid + "-e");
    gids.forEach(each -> bench.send(Wire.HTTP, "prepare", Request.of(each, "xa")));

    var seen = new StringBuilder();
    var position = "";
    do {
      var page =
          bench
              .get(
                  "/api/dtmsvr/all?limit=2&status=prepared&transType=xa&position="
                      + Bench.encoded(position))
              .body();
      seen.append(page.path("transactions"));
      position = page.path("next_position").asText();
    } while (!position.isEmpty());

    assertThat(seen.toString()).contains(gids);
    gids.forEach(each -> bench.command("forceStop", each));
  }

  /** D16. */
  @Test
  void d16LongTextsAreKept() {
    var text = "x".repeat(4_000);
    prepareWorkflow(Wire.HTTP);

    assertThat(endWorkflow(Wire.HTTP, "succeed", text).succeeded()).isTrue();

    assertThat(bench.query(gid).result()).isEqualTo(text);
  }

  /** D16: the reason of a rollback. */
  @Test
  void d16LongRefusalsDoNotStopARollback() {
    participant.plan(gid, "02 action", Answer.refusal("y".repeat(4_000)));

    bench.send(Wire.HTTP, "submit", saga());

    assertThat(bench.awaitStatus(gid, "failed").reason()).contains("y".repeat(1_500));
  }

  /** D17. */
  @Test
  void d17ErrorsOfParallelBranchesDoubleThePauseOnce() {
    participant.plan(gid, "01 action", Answer.ERROR);
    participant.plan(gid, "02 action", Answer.ERROR);

    bench.send(
        Wire.HTTP,
        "submit",
        saga().with("custom_data", "{\"concurrent\":true}").with("retry_interval", 20));
    bench.awaitCalls(gid, 2);

    Await.until(() -> bench.query(gid).retryInterval(), Long.valueOf(40)::equals);
    Await.stays(
        Duration.ofMillis(200), () -> bench.query(gid).retryInterval(), Long.valueOf(40)::equals);
    bench.driveTo(gid, "succeed");
  }

  /** D18: counted for each action. */
  @Test
  void d18RetryLimitCountsForEachActionAndNotForOngoing() {
    participant.plan(gid, "01 action", Answer.ERROR);
    participant.plan(gid, "02 action", Answer.ONGOING, Answer.ONGOING, Answer.ERROR);

    bench.send(Wire.HTTP, "submit", saga().with("retry_limit", 1).with("retry_interval", 1));

    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid)).hasSize(6);
  }

  /** D19. */
  @Test
  void d19CompensationWaitsForActionsThatStillRun() {
    var gate = new CountDownLatch(1);
    participant.plan(gid, "01 action", Answer.SUCCESS.after(gate));
    participant.plan(gid, "02 action", Answer.FAILURE);

    bench.send(
        Wire.HTTP,
        "submit",
        saga().with("custom_data", "{\"concurrent\":true}").with("request_timeout", 10));
    bench.awaitCalls(gid, 2);
    Await.stays(Duration.ofMillis(400), () -> participant.names(gid), names -> names.size() == 2);
    gate.countDown();

    bench.driveTo(gid, "failed");
    assertThat(participant.names(gid)).contains("01 compensate", "02 compensate");
  }

  /** D20: as long as its client records steps, it is not resumed beside it. */
  @Test
  void d20WorkflowIsNotResumedWhileItsClientIsHeardOf() {
    bench.send(Wire.HTTP, "prepareWorkflow", workflow().with("retry_interval", 3));

    for (int step = 1; step <= 6; step++) {
      bench.register(
          Wire.HTTP,
          gid,
          "workflow",
          "0" + step,
          Map.of("op", "action", "status", "succeed", "data", ""));
      Await.stays(Duration.ofMillis(600), () -> participant.names(gid), List::isEmpty);
    }
    Await.until(() -> participant.names(gid), names -> names.equals(List.of("00 order")));
    endWorkflow(Wire.HTTP, "succeed", "");
  }

  /** D21. */
  @Test
  void d21MessageThatNobodyCanBeAskedAboutIsNotCommitted() {
    var message =
        Request.of(gid, "msg")
            .with("timeout_to_fail", 1)
            .with("retry_interval", 1)
            .step(participant.at(Wire.HTTP, "one"));
    bench.send(Wire.HTTP, "prepare", message);

    Await.stays(Duration.ofMillis(2_500), () -> bench.query(gid).status(), "prepared"::equals);

    assertThat(participant.names(gid)).isEmpty();
    bench.send(Wire.HTTP, "submit", message);
    bench.awaitStatus(gid, "succeed");
  }

  /** D22. */
  @Test
  void d22FinishedWorkflowTellsItsResultOverGrpc() {
    prepareWorkflow(Wire.GRPC);
    endWorkflow(Wire.GRPC, "succeed", "cmVzdWx0");

    var transaction = bench.grpc().prepareWorkflow(workflow().grpc()).getTransaction();

    assertThat(transaction.getStatus()).isEqualTo("succeed");
    assertThat(transaction.getResult()).isEqualTo("cmVzdWx0");
  }

  /**
   * D24, kept on purpose: anything but done is an error to a waiting client, and a query tells
   * more.
   */
  @Test
  void d24WaitedSubmitThatMerelyGoesOnIsNoSuccess() {
    participant.plan(gid, "01 action", Answer.ONGOING);

    var reply = bench.send(Wire.HTTP, "submit", saga().with("wait_result", true));

    assertThat(reply.code()).isIn(409, 425);
    assertThat(bench.query(gid).status()).isEqualTo("submitted");
    bench.driveTo(gid, "succeed");
  }

  /** D25: what is malformed. */
  @Test
  void d25MalformedInputIs400() {
    var broken =
        List.of(
            "{\"gid\":",
            "{\"gid\":\"%s\",\"trans_type\":\"sagga\"}".formatted(gid),
            "{\"gid\":\"%s\"}".formatted(gid),
            "{\"gid\":\"\",\"trans_type\":\"saga\"}",
            "{\"gid\":\"%s\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\"http://x\"}],\"payloads\":[]}"
                .formatted(gid));

    for (var body : broken) {
      assertThat(bench.post("/api/dtmsvr/submit", body).code()).as(body).isEqualTo(400);
    }
    assertThat(bench.get("/api/dtmsvr/all?limit=many").code()).isEqualTo(400);
  }

  /** D25: what is unknown. */
  @ParameterizedTest
  @ValueSource(strings = {"abort", "forceStop", "resetNextCronTime"})
  void d25UnknownGidIs404(String command) {
    var body = "{\"gid\":\"%s\",\"trans_type\":\"tcc\"}".formatted(gid);

    assertThat(bench.post("/api/dtmsvr/" + command, body).code()).isEqualTo(404);
  }

  /** D25: gRPC. */
  @Test
  void d25GrpcTellsBadInputByItsStatus() {
    assertThat(bench.send(Wire.GRPC, "submit", Request.of(gid, "")).code()).isEqualTo(400);
    assertThat(bench.send(Wire.GRPC, "submit", Request.of("", "saga")).code()).isEqualTo(400);
    assertThat(bench.send(Wire.GRPC, "abort", Request.of(gid, "tcc")).code()).isEqualTo(404);
    assertThat(
            bench.send(Wire.GRPC, "submit", Request.of(gid, "msg").step("topic://" + gid)).code())
        .isEqualTo(404);
    var broken = DtmRequest.newBuilder().setGid(gid).setTransType("saga").setSteps("[").build();
    assertThat(Bench.overGrpc(() -> bench.grpc().submit(broken)).code()).isEqualTo(400);
  }

  /** D27. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void d27GidIsKeptVerbatim(Wire wire) {
    var odd = gid + "; a/b 中";

    bench.send(wire, "submit", Request.of(odd, "saga").step("", ""));

    assertThat(bench.awaitStatus(odd, "succeed").transaction().path("gid").asText()).isEqualTo(odd);
    assertThat(bench.send(wire, "submit", Request.of(gid + "\n", "saga").step("", "")).code())
        .isIn(400, 500);
    assertThat(bench.query(gid).transaction().isNull()).isTrue();
  }

  /** No D number: a registration can be repeated when its answer was lost. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void branchCanBeRegisteredAgainButNotChanged(Wire wire) {
    bench.send(wire, "prepare", Request.of(gid, "tcc"));
    var branch = Map.of("confirm", "http://a/b", "cancel", "http://a/c", "data", "{}");
    var changed = Map.of("confirm", "http://a/z", "cancel", "http://a/c", "data", "{}");

    assertThat(bench.register(wire, gid, "tcc", "01", branch).succeeded()).isTrue();
    assertThat(bench.register(wire, gid, "tcc", "01", branch).succeeded()).isTrue();
    assertThat(bench.register(wire, gid, "tcc", "01", changed).code()).isEqualTo(409);
    assertThat(bench.query(gid).rows()).hasSize(2);
    bench.command("forceStop", gid);
  }

  private void register(String type) {
    var url = participant.at(Wire.HTTP, "branch");
    bench.register(
        Wire.HTTP,
        gid,
        type,
        "01",
        type.equals("tcc")
            ? Map.of("confirm", url, "cancel", url, "data", "{}")
            : Map.of("url", url));
  }

  private Request saga() {
    return saga(gid);
  }

  private Request saga(String of) {
    return Request.of(of, "saga")
        .step(participant.at(Wire.HTTP, "out"), participant.at(Wire.HTTP, "out-undo"))
        .step(participant.at(Wire.HTTP, "in"), participant.at(Wire.HTTP, "in-undo"));
  }

  private Request workflow() {
    return Request.of(gid, "workflow")
        .with("custom_data", "{\"name\":\"order\",\"data\":null}")
        .with("query_prepared", participant.at(Wire.HTTP, "resume"));
  }

  private void prepareWorkflow(Wire wire) {
    assertThat(bench.send(wire, "prepareWorkflow", workflow()).succeeded()).isTrue();
  }

  private Reply endWorkflow(Wire wire, String status, String result) {
    return bench.send(
        wire,
        "submit",
        Request.of(gid, "workflow").with("req_extra", Map.of("status", status, "result", result)));
  }
}
