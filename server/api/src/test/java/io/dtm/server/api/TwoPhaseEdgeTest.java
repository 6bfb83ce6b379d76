package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.assertAnswer;
import static io.dtm.server.api.EdgeAssertions.assertError;
import static io.dtm.server.api.EdgeAssertions.assertRefused;
import static io.dtm.server.api.EdgeAssertions.assertSuccess;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.TransactionStatus;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TCC and XA over REST. */
class TwoPhaseEdgeTest {
  private static final String PROTO =
      "your http/grpc result should be specified as in:\\n"
          + "http://d.dtm.pub/practice/arch.html#proto\\nunkown result will be retried: ";

  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void confirmsATccTransactionLastBranchFirst() {
    assertSuccess(command("prepare", "tcc", ""));
    assertSuccess(registerTcc("01"));
    assertSuccess(registerTcc("02"));
    assertSuccess(command("submit", "tcc", ",\"wait_result\":true"));

    assertThat(edge.calls())
        .extracting(BranchCall::url)
        .containsExactly("http://b/confirm02", "http://b/confirm01");
    assertThat(edge.calls()).allMatch(call -> call.payload().text().equals("{\"a\":1}"));
    assertThat(edge.get("/api/dtmsvr/query?gid=g1").body())
        .isEqualTo(
            """
            {"branches":[%s,%s,%s,%s],"transaction":{"id":0,"create_time":"2026-01-02T03:04:05Z",\
            "update_time":"2026-01-02T03:04:05Z","gid":"g1","trans_type":"tcc","status":"succeed",\
            "protocol":"http","finish_time":"2026-01-02T03:04:05Z",\
            "options":"{\\"wait_result\\":true,\\"concurrent\\":false}","next_cron_interval":10,\
            "next_cron_time":"2026-01-02T03:04:05Z","wait_result":true,"concurrent":false}}\
            """
                .formatted(
                    row("http://b/cancel01", "01", "cancel", false),
                    row("http://b/confirm01", "01", "confirm", true),
                    row("http://b/cancel02", "02", "cancel", false),
                    row("http://b/confirm02", "02", "confirm", true)));
  }

  private static String row(String url, String branchId, String op, boolean done) {
    return """
    {"id":0,"create_time":"2026-01-02T03:04:05Z","update_time":"2026-01-02T03:04:05Z",\
    "gid":"g1","url":"%s","bin_data":"eyJhIjoxfQ==","branch_id":"%s","op":"%s","status":"%s"%s}\
    """
        .formatted(
            url,
            branchId,
            op,
            done ? "succeed" : "prepared",
            done ? ",\"finish_time\":\"2026-01-02T03:04:05Z\"" : "");
  }

  @Test
  void commitsAnXaTransactionInTheOrderOfRegistration() {
    command("prepare", "xa", "");
    assertSuccess(registerXa("01"));
    assertSuccess(registerXa("02"));
    assertSuccess(command("submit", "xa", ",\"wait_result\":true"));

    assertThat(edge.calls())
        .extracting(call -> call.operation().name() + " " + call.url())
        .containsExactly("commit http://b/xa01", "commit http://b/xa02");
    assertThat(edge.get("/api/dtmsvr/query?gid=g1").body())
        .containsSubsequence(
            "\"url\":\"http://b/xa01\",\"branch_id\":\"01\",\"op\":\"rollback\",\"status\":\"prepared\"",
            "\"url\":\"http://b/xa01\",\"branch_id\":\"01\",\"op\":\"commit\",\"status\":\"succeed\"",
            "\"url\":\"http://b/xa02\",\"branch_id\":\"02\",\"op\":\"rollback\",\"status\":\"prepared\"",
            "\"url\":\"http://b/xa02\",\"branch_id\":\"02\",\"op\":\"commit\",\"status\":\"succeed\"",
            "\"trans_type\":\"xa\",\"status\":\"succeed\"")
        .doesNotContain("bin_data");
  }

  @Test
  void abortsWithTheReasonOfTheClient() {
    command("prepare", "tcc", "");
    registerTcc("01");

    assertSuccess(command("abort", "tcc", ",\"rollback_reason\":\"no seats\""));
    edge.awaitQuiet();
    assertSuccess(command("prepare", "xa", "", "x1"));
    assertSuccess(command("abort", "xa", ",\"rollback_reason\":null", "x1"));
    edge.awaitQuiet();

    assertThat(edge.calls()).extracting(BranchCall::url).containsExactly("http://b/cancel01");
    assertThat(edge.get("/api/dtmsvr/query?gid=g1").body())
        .contains(
            "\"status\":\"failed\"", "\"rollback_reason\":\"no seats\"", "\"rollback_time\":");
    assertThat(edge.stored("x1").status()).isEqualTo(TransactionStatus.FAILED);
  }

  @Test
  void abortsOnceMoreWhileItIsUnderWay() {
    edge.participant(call -> new BranchResult.Ongoing());
    command("prepare", "tcc", "");
    registerTcc("01");
    command("abort", "tcc", "");
    edge.awaitQuiet();

    assertSuccess(command("abort", "tcc", ""));
  }

  @Test
  void answersAWaitedAbortOnceEverythingIsTakenBack() {
    command("prepare", "tcc", ",\"wait_result\":true");
    registerTcc("01");

    assertSuccess(command("abort", "tcc", ",\"rollback_reason\":\"why\""));

    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcc", "xa"})
  void answersAWaitedSubmitThatCouldNotBeCarriedOut(String mode) { // D24
    prepareWithBranch(mode);
    edge.participant(call -> new BranchResult.Refused("no money"));
    assertRefused(waitedSubmit(mode), PROTO + "no money FAILURE");

    edge.time.advance(Duration.ofHours(1), edge::awaitQuiet);
    edge.participant(call -> new BranchResult.Ongoing());
    assertAnswer(waitedSubmit(mode), 425, "{\"dtm_result\":\"ONGOING\",\"message\":\"ONGOING\"}");

    edge.participant(call -> new BranchResult.Unclear("HTTP 500: oops"));
    assertError(waitedSubmit(mode), 500, PROTO + "HTTP 500: oops");

    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUBMITTED);
    edge.participant(call -> new BranchResult.Succeeded());
    assertSuccess(waitedSubmit(mode));
  }

  private HttpResponse<String> waitedSubmit(String mode) {
    return command("submit", mode, ",\"wait_result\":true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcc", "xa"})
  void confirmsOnARepeatedSubmitWhatIsStored(String mode) { // D1
    prepareWithBranch(mode);
    edge.participant(call -> new BranchResult.Ongoing());
    assertSuccess(command("submit", mode, ""));
    edge.awaitQuiet();
    assertSuccess(command("submit", mode, ""));
    edge.awaitQuiet();

    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUBMITTED);
    edge.participant(call -> new BranchResult.Succeeded());
    assertSuccess(waitedSubmit(mode));
    assertRefused(command("submit", mode, ""), "current status 'succeed', cannot sumbmit. FAILURE");
  }

  @ParameterizedTest
  @CsvSource({"tcc, xa", "xa, tcc", "tcc, msg", "tcc, saga"})
  void refusesToTakeATransactionForOneOfAnotherType(String stored, String asked) { // D2
    prepareWithBranch(stored);
    var refusal =
        "trans_type: %s (expected: %s, as g1 was created). FAILURE".formatted(asked, stored);

    assertRefused(command("submit", asked, ""), refusal);
    assertRefused(command("prepare", asked, ""), refusal);
    assertRefused(command("abort", asked, ""), refusal);

    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.PREPARED);
    assertThat(edge.calls()).isEmpty();
  }

  @Test
  void refusesToAbortWhatIsPastPrepared() {
    command("prepare", "tcc", "");
    command("submit", "tcc", ",\"wait_result\":true");

    assertRefused(
        command("abort", "tcc", ""),
        "trans type: 'tcc' current status 'succeed', cannot abort. FAILURE");
    assertRefused(
        command("prepare", "tcc", ""), "current status 'succeed', cannot prepare. FAILURE");
    assertError(command("abort", "tcc", "", "none"), 404, "no TransGlobal with gid: none found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"registerBranch", "registerTccBranch", "registerXaBranch"})
  void registersBothTypesOnEveryPath(String path) {
    command("prepare", "tcc", "");
    command("prepare", "xa", "", "x1");

    assertSuccess(edge.post("/api/dtmsvr/" + path, tccBody("01")));
    assertSuccess(edge.post("/api/dtmsvr/" + path, xaBody("01").replace("g1", "x1")));

    assertThat(edge.stored("g1").branches()).hasSize(2);
    assertThat(edge.stored("x1").branches()).hasSize(2);
  }

  @Test
  void takesWhatOldClientsSendWithARegistration() {
    command("prepare", "tcc", "");

    var answer =
        edge.post(
            "/api/dtmsvr/registerTccBranch",
            """
            {"subType":"tcc","GID":"g1","trans_type":"tcc","branch_id":"0101","status":"prepared",
             "data":null,"try":"http://b/try","confirm":"http:\\/\\/b\\/confirm","cancel":"",
             "subType":null,"extra":null}
            """);

    assertSuccess(answer);
    assertThat(edge.stored("g1").branches())
        .extracting(b -> b.branchId() + " " + b.operation().name() + " " + b.url())
        .containsExactly("0101 cancel ", "0101 confirm http://b/confirm");
  }

  @Test
  void takesTheSameRegistrationTwiceAndNoOther() {
    command("prepare", "tcc", "");

    assertSuccess(registerTcc("01"));
    assertSuccess(registerTcc("01"));
    assertRefused(
        edge.post("/api/dtmsvr/registerBranch", tccBody("01").replace("cancel01", "other")),
        "branch 01 cancel: exists with other content. FAILURE");

    assertThat(edge.stored("g1").branches()).hasSize(2);
  }

  @Test
  void registersOnlyWithAPreparedTransaction() {
    var refusal = "no trans with gid: g1 status: prepared found FAILURE";
    assertRefused(registerTcc("01"), refusal);
    command("prepare", "tcc", "");
    command("submit", "tcc", ",\"wait_result\":true");

    assertRefused(registerTcc("01"), refusal);
    assertRefused(
        registerXa("01"), "trans_type: xa (expected: tcc, as g1 was created). FAILURE"); // D2
  }

  @Test
  void mixesTransportsInOneTransaction() {
    command("prepare", "tcc", "");
    edge.post(
        "/api/dtmsvr/registerBranch",
        tccBody("01").replace("http://b/confirm01", "[::1]:9090/bank.Bank/Confirm"));

    assertSuccess(command("submit", "tcc", ",\"wait_result\":true"));

    assertThat(edge.calls())
        .extracting(BranchCall::url)
        .containsExactly("[::1]:9090/bank.Bank/Confirm");
  }

  @Test
  void handsTheTraceOfTheSubmitToEveryBranch() {
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    command("prepare", "tcc", "");
    registerTcc("01");

    var submit =
        edge.request("POST", "/api/dtmsvr/submit", body("g1", "tcc", ",\"wait_result\":true"))
            .header("TraceParent", trace)
            .header("tracestate", "a=1")
            .header("tracestate", "b=2")
            .build();
    assertSuccess(edge.exchange(submit));

    assertThat(edge.calls())
        .singleElement()
        .satisfies(call ->
            assertThat(call.headers())
                .containsEntry("traceparent", trace)
                .containsEntry("tracestate", "a=1,b=2"));
    assertThat(edge.stored("g1").options().branchHeaders()).containsKey("traceparent");
  }

  @Test
  void handsTheTraceOfThePrepareToWhateverFollowsFromIt() {
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    var malformed = "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01";
    for (var header : List.of(trace, malformed)) {
      var gid = header.equals(trace) ? "g1" : "g2";
      edge.exchange(
          edge.request("POST", "/api/dtmsvr/prepare", body(gid, "tcc", ""))
              .header("traceparent", header)
              .build());
      edge.post("/api/dtmsvr/registerBranch", tccBody("01").replace("g1", gid));
      command("abort", "tcc", "", gid);
      edge.awaitQuiet();
    }

    assertThat(edge.calls().get(0).headers()).containsEntry("traceparent", trace);
    assertThat(edge.calls().get(1).headers()).isEmpty();
  }

  private void prepareWithBranch(String mode) {
    command("prepare", mode, "");
    assertSuccess(mode.equals("tcc") ? registerTcc("01") : registerXa("01"));
  }

  private HttpResponse<String> command(String command, String mode, String more) {
    return command(command, mode, more, "g1");
  }

  private HttpResponse<String> command(String command, String mode, String more, String gid) {
    return edge.post("/api/dtmsvr/" + command, body(gid, mode, more));
  }

  private static String body(String gid, String mode, String more) {
    return "{\"gid\":\"%s\",\"trans_type\":\"%s\"%s}".formatted(gid, mode, more);
  }

  private HttpResponse<String> registerTcc(String branchId) {
    return edge.post("/api/dtmsvr/registerBranch", tccBody(branchId));
  }

  private static String tccBody(String branchId) {
    return """
    {"gid":"g1","trans_type":"tcc","branch_id":"%1$s","data":"{\\"a\\":1}",\
    "confirm":"http://b/confirm%1$s","cancel":"http://b/cancel%1$s"}\
    """
        .formatted(branchId);
  }

  private HttpResponse<String> registerXa(String branchId) {
    return edge.post("/api/dtmsvr/registerBranch", xaBody(branchId));
  }

  private static String xaBody(String branchId) {
    return "{\"gid\":\"g1\",\"trans_type\":\"xa\",\"branch_id\":\"%1$s\",\"url\":\"http://b/xa%1$s\"}"
        .formatted(branchId);
  }
}
