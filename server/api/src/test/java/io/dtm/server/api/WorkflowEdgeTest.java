package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.assertAnswer;
import static io.dtm.server.api.EdgeAssertions.assertError;
import static io.dtm.server.api.EdgeAssertions.assertRefused;
import static io.dtm.server.api.EdgeAssertions.assertSuccess;
import static io.dtm.server.api.SagaBody.saga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.TransactionStatus;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workflows over REST: what the client libraries, which run them, rely on. */
class WorkflowEdgeTest {
  private static final String HEAD =
      """
      "transaction":{"id":0,"create_time":"2026-01-02T03:04:05Z","update_time":"2026-01-02T03:04:05Z",\
      "gid":"w1","trans_type":"workflow","status":"%s","query_prepared":"http://app/run","protocol":"http",\
      """;

  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void showsANewWorkflow() {
    assertAnswer(
        prepare("w1"),
        200,
        "{\"progresses\":[],"
            + HEAD.formatted("prepared")
            + """
            "options":"{\\"concurrent\\":false}",\
            "custom_data":"{\\"data\\":\\"AP8=\\",\\"name\\":\\"transfer\\"}","next_cron_interval":10,\
            "next_cron_time":"2026-01-02T03:04:15Z","concurrent":false}}\
            """);
  }

  @Test
  void showsAFinishedWorkflowWithItsResultAndSteps() { // D7, D22
    prepare("w1");
    assertSuccess(register("01", "action", "succeed", "{\\\"ok\\\":1}"));
    assertSuccess(register("02", "action", "failed", "no money FAILURE"));
    assertSuccess(register("", "business", "succeed", ""));
    assertSuccess(end("{\"status\":\"succeed\",\"result\":\"cmVzdWx0\"}"));

    assertAnswer(
        prepare("w1"),
        200,
        "{\"progresses\":["
            + step(
                "\"bin_data\":\"eyJvayI6MX0=\",\"branch_id\":\"01\",\"op\":\"action\"", "succeed")
            + ","
            + step(
                "\"bin_data\":\"bm8gbW9uZXkgRkFJTFVSRQ==\",\"branch_id\":\"02\",\"op\":\"action\"",
                "failed")
            + ","
            + step("\"op\":\"business\"", "succeed")
            + "],"
            + HEAD.formatted("succeed")
            + """
            "finish_time":"2026-01-02T03:04:05Z","result":"cmVzdWx0",\
            "options":"{\\"concurrent\\":false}",\
            "custom_data":"{\\"data\\":\\"AP8=\\",\\"name\\":\\"transfer\\"}","next_cron_interval":10,\
            "next_cron_time":"2026-01-02T03:04:05Z","concurrent":false}}\
            """);
  }

  @Test
  void aWorkflowsClientParksItWithAReason() {
    prepare("w1");

    assertSuccess(park("{\"parked_reason\":\"another history\"}"));

    assertThat(edge.get("/api/dtmsvr/query?gid=w1").body())
        .contains("\"status\":\"prepared\"", "\"parked_reason\":\"another history\"");
    assertError(
        park("{}"), 400, "req_extra.parked_reason: missing (expected: a reason for operators)");
    assertSuccess(end("{\"status\":\"succeed\"}"));
    assertRefused(
        park("{\"parked_reason\":\"why\"}"), "current status 'succeed', cannot park. FAILURE");
  }

  private HttpResponse<String> park(String extra) {
    return edge.post(
        "/api/dtmsvr/parkWorkflow",
        "{\"gid\":\"w1\",\"trans_type\":\"workflow\",\"req_extra\":%s}".formatted(extra));
  }

  private static String step(String what, String status) {
    return """
    {"id":0,"create_time":"2026-01-02T03:04:05Z","update_time":"2026-01-02T03:04:05Z",\
    "gid":"w1",%s,"status":"%s","finish_time":"2026-01-02T03:04:05Z"}\
    """
        .formatted(what, status);
  }

  @Test
  void storesTheReasonOfAFailedWorkflow() {
    prepare("w1");

    assertSuccess(end("{\"status\":\"failed\",\"rollback_reason\":\"no money FAILURE\"}"));

    assertThat(prepare("w1").body())
        .contains("\"status\":\"failed\"", "\"rollback_reason\":\"no money FAILURE\"");
    assertThat(edge.stored("w1").status()).isEqualTo(TransactionStatus.FAILED);
  }

  @Test
  void takesAnyLengthOfReasonAndResult() { // D16
    var reason = "r".repeat(3_000);
    var result = "cmVz".repeat(1_000);
    prepare("w1");

    assertSuccess(
        end(
            "{\"status\":\"failed\",\"rollback_reason\":\"%s\",\"result\":\"%s\"}"
                .formatted(reason, result)));

    assertThat(prepare("w1").body()).contains(reason, result);
  }

  @Test
  void takesTheSameEndTwiceAndNoOther() { // D8
    prepare("w1");

    assertSuccess(end("{\"status\":\"succeed\",\"result\":\"YQ==\"}"));
    assertSuccess(end("{\"status\":\"succeed\",\"result\":\"YQ==\"}"));
    assertRefused(
        end("{\"status\":\"failed\"}"), "current status 'succeed', cannot sumbmit. FAILURE");
  }

  @Test
  void saysWhenThereIsNoSuchWorkflow() { // D25
    assertError(end("{\"status\":\"succeed\"}"), 404, "no TransGlobal with gid: w1 found");
  }

  @Test
  void recordsEachStepOnce() { // D9
    prepare("w1");

    assertSuccess(register("01", "action", "succeed", "one"));
    assertSuccess(register("01", "action", "succeed", "one"));
    assertSuccess(register("01", "commit", "succeed", "one"));
    assertError(
        register("01", "action", "succeed", "two"),
        409,
        "branch 01 action: exists with other content");

    assertThat(edge.stored("w1").branches())
        .extracting(b -> b.branchId() + " " + b.operation().name() + " " + b.payload().text())
        .containsExactly("01 action one", "01 commit one");
  }

  @Test
  void recordsNothingForAWorkflowThatIsNotRunning() {
    var refusal = "no trans with gid: w1 status: prepared found FAILURE";
    assertRefused(register("01", "action", "succeed", "x"), refusal);
    prepare("w1");
    end("{\"status\":\"succeed\"}");

    assertRefused(register("01", "action", "succeed", "x"), refusal);
  }

  @Test
  void resumesAWorkflowThatHasGoneSilent() {
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    edge.exchange(
        edge.request("POST", "/api/dtmsvr/prepareWorkflow", workflow("w1"))
            .header("traceparent", trace)
            .build());

    edge.time.advance(Duration.ofSeconds(10), edge::awaitQuiet);

    assertThat(edge.calls())
        .singleElement()
        .satisfies(call -> {
          assertThat(call.branchId()).isEqualTo("00");
          assertThat(call.operation().name()).isEqualTo("transfer");
          assertThat(call.url()).isEqualTo("http://app/run");
          assertThat(call.payload().bytes()).containsExactly(0, -1);
          assertThat(call.headers()).containsEntry("traceparent", trace);
        });
  }

  @Test
  void refusesToTakeAnotherTransactionForAWorkflow() { // D2
    edge.post("/api/dtmsvr/prepare", saga("w1", 1));
    var refusal = "trans_type: workflow (expected: saga, as w1 was created). FAILURE";

    assertRefused(prepare("w1"), refusal);
    assertRefused(end("{\"status\":\"succeed\"}"), refusal);
    assertRefused(register("01", "action", "succeed", "x"), refusal);
  }

  @Test
  void refusesToAbortAWorkflow() {
    prepare("w1");

    assertRefused(
        edge.post("/api/dtmsvr/abort", "{\"gid\":\"w1\",\"trans_type\":\"workflow\"}"),
        "trans type: 'workflow' current status 'prepared', cannot abort. FAILURE");
  }

  private HttpResponse<String> prepare(String gid) {
    return edge.post("/api/dtmsvr/prepareWorkflow", workflow(gid));
  }

  private static String workflow(String gid) {
    return """
    {"gid":"%s","trans_type":"workflow","query_prepared":"http://app/run","protocol":"http",
     "custom_data":"{\\"data\\":\\"AP8=\\",\\"name\\":\\"transfer\\"}","concurrent":false}
    """
        .formatted(gid);
  }

  private HttpResponse<String> end(String extra) {
    return edge.post(
        "/api/dtmsvr/submit",
        "{\"gid\":\"w1\",\"trans_type\":\"workflow\",\"req_extra\":%s}".formatted(extra));
  }

  private HttpResponse<String> register(String branchId, String op, String status, String data) {
    return edge.post(
        "/api/dtmsvr/registerBranch",
        "{\"gid\":\"w1\",\"trans_type\":\"workflow\",\"branch_id\":\"%s\",\"op\":\"%s\",\"status\":\"%s\",\"data\":\"%s\"}"
            .formatted(branchId, op, status, data));
  }
}
