package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.SUCCESS;
import static io.dtm.server.api.EdgeAssertions.assertAnswer;
import static io.dtm.server.api.SagaBody.saga;
import static io.dtm.server.api.SagaBody.waitedSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEdgeTest {
  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void answersPingToAnyMethod() {
    for (var method : new String[] {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
      var answer = edge.exchange(method, "/api/ping", "");

      assertAnswer(answer, 200, "{\"msg\":\"pong\"}");
    }
  }

  @Test
  void tellsItsVersion() {
    assertAnswer(edge.get("/api/dtmsvr/version"), 200, "{\"version\":\"1.2.3\"}");
  }

  @Test
  void makesGids() {
    var gids = new HashSet<String>();
    for (int i = 0; i < 50; i++) {
      var answer = edge.get("/api/dtmsvr/newGid");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .matches("\\{\"dtm_result\":\"SUCCESS\",\"gid\":\"[2-9A-Za-z]{22}\"}");
      gids.add(answer.body());
    }
    assertThat(gids).hasSize(50);
  }

  @Test
  void runsASubmittedSaga() {
    var answer = edge.post("/api/dtmsvr/submit", saga("g1", 2));
    edge.awaitQuiet();

    assertAnswer(answer, 200, SUCCESS);
    assertThat(edge.stored()).singleElement().returns(TransactionStatus.SUCCEEDED, t -> t.status());
  }

  @Test
  void showsBranchesCompensationBeforeAction() {
    edge.post("/api/dtmsvr/submit", waitedSaga("g1", 2));

    var answer = edge.get("/api/dtmsvr/query?gid=g1");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("{\"branches\":[{\"id\":0,\"create_time\":\"2026-01-02T03:04:05Z\"")
        .containsSubsequence(
            "\"branch_id\":\"01\",\"op\":\"compensate\",\"status\":\"prepared\"",
            "\"branch_id\":\"01\",\"op\":\"action\",\"status\":\"succeed\"",
            "\"branch_id\":\"02\",\"op\":\"compensate\",\"status\":\"prepared\"",
            "\"branch_id\":\"02\",\"op\":\"action\",\"status\":\"succeed\"",
            "\"transaction\":{\"id\":0,",
            "\"gid\":\"g1\",\"trans_type\":\"saga\",\"status\":\"succeed\"",
            "\"options\":\"{\\\"wait_result\\\":true,\\\"concurrent\\\":false}\"");
  }

  @Test
  void answersAWaitedSuccess() {
    assertAnswer(edge.post("/api/dtmsvr/submit", waitedSaga("g1", 2)), 200, SUCCESS);
    assertThat(edge.stored()).singleElement().returns(TransactionStatus.SUCCEEDED, t -> t.status());
  }

  @Test
  void answersAWaitedRollbackWithItsReason() {
    edge.participant(call ->
        call.url().endsWith("act2")
            ? new BranchResult.Refused("no money")
            : new BranchResult.Succeeded());

    var answer = edge.post("/api/dtmsvr/submit", waitedSaga("g1", 2));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body())
        .startsWith("{\"dtm_result\":\"FAILURE\",\"message\":\"")
        .contains("http://s/act2", "no money")
        .endsWith(" FAILURE\"}")
        .doesNotContain("FAILURE FAILURE");
  }

  @Test
  void answersAWaitedSagaThatGoesOn() { // D24 stays: clients take any other status for an error too
    edge.participant(call -> new BranchResult.Ongoing());

    assertAnswer(
        edge.post("/api/dtmsvr/submit", waitedSaga("g1", 1)),
        409,
        "{\"dtm_result\":\"FAILURE\",\"message\":\"wait result not return success: FAILURE\"}");
  }

  @Test
  void takesARepeatedSubmitWhileItIsUnderWay() {
    edge.participant(call -> new BranchResult.Ongoing());
    edge.post("/api/dtmsvr/submit", saga("g1", 1));
    edge.awaitQuiet();

    assertAnswer(edge.post("/api/dtmsvr/submit", saga("g1", 1)), 200, SUCCESS);
  }

  @Test
  void refusesToSubmitWhatHasEnded() {
    edge.post("/api/dtmsvr/submit", waitedSaga("g1", 1));

    assertAnswer(
        edge.post("/api/dtmsvr/submit", saga("g1", 1)),
        409,
        "{\"dtm_result\":\"FAILURE\",\"message\":\"current status 'succeed', cannot sumbmit. FAILURE\"}");
  }

  @Test
  void preparesOnceAndSubmitsLater() {
    assertAnswer(edge.post("/api/dtmsvr/prepare", saga("g1", 1)), 200, SUCCESS);
    assertAnswer(edge.post("/api/dtmsvr/prepare", saga("g1", 1)), 200, SUCCESS);
    assertAnswer(edge.post("/api/dtmsvr/submit", waitedSaga("g1", 1)), 200, SUCCESS);

    assertAnswer(
        edge.post("/api/dtmsvr/prepare", saga("g1", 1)),
        409,
        "{\"dtm_result\":\"FAILURE\",\"message\":\"current status 'succeed', cannot prepare. FAILURE\"}");
  }

  @Test
  void refusesToAbortASaga() {
    edge.post("/api/dtmsvr/prepare", saga("g1", 1));

    assertAnswer(
        edge.post("/api/dtmsvr/abort", "{\"gid\":\"g1\",\"trans_type\":\"saga\"}"),
        409,
        "{\"dtm_result\":\"FAILURE\",\"message\":"
            + "\"trans type: 'saga' current status 'prepared', cannot abort. FAILURE\"}");
  }

  @Test
  void refusesACommandForAnotherTypeOfTransaction() { // D2
    edge.post("/api/dtmsvr/prepare", saga("g1", 1));

    assertAnswer(
        edge.post("/api/dtmsvr/abort", "{\"gid\":\"g1\",\"trans_type\":\"tcc\"}"),
        409,
        "{\"dtm_result\":\"FAILURE\",\"message\":"
            + "\"trans_type: tcc (expected: saga, as g1 was created). FAILURE\"}");
  }

  @Test
  void stopsATransactionByForceOnce() {
    edge.participant(call -> new BranchResult.Ongoing());
    edge.post("/api/dtmsvr/submit", saga("g1", 1));
    edge.awaitQuiet();

    assertAnswer(edge.post("/api/dtmsvr/forceStop", "{\"gid\":\"g1\"}"), 200, SUCCESS);
    assertAnswer(
        edge.post("/api/dtmsvr/forceStop", "{\"gid\":\"g1\"}"),
        409,
        "{\"dtm_result\":\"FAILURE\",\"message\":"
            + "\"global transaction force stop error. status: failed. error: FAILURE\"}");
  }

  @Test
  void hasATransactionLookedAtNow() {
    edge.participant(call -> new BranchResult.Ongoing());
    edge.post("/api/dtmsvr/submit", saga("g1", 1));
    edge.awaitQuiet();
    edge.participant(call -> new BranchResult.Succeeded());

    var answer = edge.post("/api/dtmsvr/resetNextCronTime", "{\"gid\":\"g1\"}");

    assertAnswer(answer, 200, SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abort", "forceStop", "resetNextCronTime"})
  void saysWhenThereIsNoSuchTransaction(String command) { // D25
    assertAnswer(
        edge.post("/api/dtmsvr/" + command, "{\"gid\":\"none\",\"trans_type\":\"tcc\"}"),
        404,
        "{\"message\":\"no TransGlobal with gid: none found\"}");
  }

  @Test
  void findsTheTransactionByTheGidAsGiven() { // D27
    var gid = "a;b c&d+ü/%";
    edge.post("/api/dtmsvr/prepare", saga(gid, 1));

    var answer = edge.get("/api/dtmsvr/query?gid=a;b%20c%26d%2B%C3%BC%2F%25");

    assertThat(answer.body()).contains("\"gid\":\"a;b c\\u0026d+ü/%\"");
  }

  @Test
  void answersAQueryForAnUnknownGidWithNull() {
    assertAnswer(
        edge.get("/api/dtmsvr/query?gid=none"), 200, "{\"branches\":[],\"transaction\":null}");
  }

  @Test
  void wantsAGidToQuery() {
    assertAnswer(edge.get("/api/dtmsvr/query"), 400, "{\"message\":\"no gid specified\"}");
    assertAnswer(edge.get("/api/dtmsvr/query?gid="), 400, "{\"message\":\"no gid specified\"}");
  }

  @Test
  void listsInPages() {
    for (int i = 0; i < 5; i++) {
      edge.post("/api/dtmsvr/prepare", saga("g" + i, 1));
      edge.time.advance(Duration.ofSeconds(1), edge::awaitQuiet);
    }

    var first = edge.get("/api/dtmsvr/all?limit=3");
    var position = first.body().replaceAll("^\\{\"next_position\":\"([^\"]+)\".*", "$1");
    var second =
        edge.get(
            "/api/dtmsvr/all?limit=3&position="
                + URLEncoder.encode(position, StandardCharsets.UTF_8));

    assertThat(first.body()).contains("\"g4\"", "\"g3\"", "\"g2\"").doesNotContain("\"g1\"");
    assertThat(second.body())
        .startsWith("{\"next_position\":\"\",\"transactions\":[{\"id\":0,")
        .contains("\"g1\"", "\"g0\"")
        .doesNotContain("\"g2\"");
  }

  @Test
  void listsNothingAsNull() {
    var nothing = "{\"next_position\":\"\",\"transactions\":null}";

    assertAnswer(edge.get("/api/dtmsvr/all"), 200, nothing);
    assertAnswer(edge.get("/api/dtmsvr/all?gid=none"), 200, nothing);
  }

  @ParameterizedTest
  @CsvSource({
    "gid=g1, true",
    "gid=g2, false",
    "status=prepared, true",
    "status=succeed, false",
    "transType=saga, true",
    "transType=tcc, false",
    "createTimeStart=1767323045000, true",
    "createTimeStart=1767323045999, true",
    "createTimeStart=1767323046000, false",
    "createTimeEnd=1767323045000, true",
    "createTimeEnd=1767323044999, false",
    "limit=99999999999999999999, true",
    "status=&transType=&createTimeStart=&createTimeEnd=&limit=&position=, true"
  })
  void narrowsTheList(String query, boolean found) { // D6
    edge.post("/api/dtmsvr/prepare", saga("g1", 1));

    var answer = edge.get("/api/dtmsvr/all?" + query);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().contains("\"gid\":\"g1\"")).isEqualTo(found);
  }

  @Test
  void listsAtMostThePageLimit() { // P5
    for (int i = 0; i < 12; i++) {
      edge.post("/api/dtmsvr/prepare", saga("g" + i, 1));
    }

    var answer = edge.get("/api/dtmsvr/all?limit=1000000");

    assertThat(answer.body().split("\"trans_type\"", -1)).hasSize(10 + 1);
  }

  @Test
  void makesFarOffTransactionsDue() {
    edge.participant(call -> new BranchResult.Ongoing());
    edge.post("/api/dtmsvr/submit", saga("g1", 1, ",\"retry_interval\":200"));
    edge.post("/api/dtmsvr/submit", saga("g2", 1, ",\"retry_interval\":100"));
    edge.awaitQuiet();

    assertAnswer(
        edge.get("/api/dtmsvr/resetCronTime"),
        200,
        "{\"has_remaining\":false,\"succeed_count\":1}");
    assertAnswer(
        edge.get("/api/dtmsvr/resetCronTime?timeout=300&limit=1"),
        200,
        "{\"has_remaining\":false,\"succeed_count\":0}");
  }

  @Test
  void showsSettings() {
    edge.keyValues.putEntry("topics", "a", "[]", 0);
    edge.keyValues.putEntry("topics", "b", "[]", 0);
    var a =
        "{\"id\":0,\"create_time\":\"2026-01-02T03:04:05Z\",\"update_time\":\"2026-01-02T03:04:05Z\","
            + "\"cat\":\"topics\",\"k\":\"a\",\"v\":\"[]\",\"version\":1}";
    var b = a.replace("\"a\"", "\"b\"");

    assertAnswer(edge.get("/api/dtmsvr/queryKV?cat=topics&key=a"), 200, "{\"kv\":[" + a + "]}");
    assertAnswer(edge.get("/api/dtmsvr/queryKV?cat=topics"), 200, "{\"kv\":[" + a + "," + b + "]}");
    assertAnswer(edge.get("/api/dtmsvr/queryKV?cat=topics&key=x"), 200, "{\"kv\":[]}");
    assertAnswer(
        edge.get("/api/dtmsvr/scanKV?cat=topics"),
        200,
        "{\"kv\":[" + a + "," + b + "],\"next_position\":\"\"}");
  }

  @Test
  void knowsNoOtherPathOrMethod() {
    for (var wrong :
        new String[] {
          "GET /",
          "GET /api/dtmsvr/submit",
          "POST /api/dtmsvr/query?gid=g",
          "PUT /api/dtmsvr/submit",
          "OPTIONS /api/dtmsvr/submit",
          "GET /api/dtmsvr/nothing",
          "GET /api/dtmsvr//version",
          "GET /api/dtmsvr/Version",
          "GET /nothing/",
          "POST /api/dtmsvr/query/"
        }) {
      var parts = wrong.split(" ", -1);

      var answer = edge.exchange(parts[0], parts[1], "");

      assertThat(answer.statusCode()).as(wrong).isEqualTo(404);
      assertThat(answer.body()).as(wrong).isEqualTo("404 page not found");
      assertThat(answer.headers().firstValue("Content-Type")).as(wrong).contains("text/plain");
    }
  }

  @Test
  void answersHeadWithoutBody() {
    assertThat(edge.exchange("HEAD", "/api/dtmsvr/version", "").statusCode()).isEqualTo(404);
    assertThat(edge.exchange("HEAD", "/api/ping", "").statusCode()).isEqualTo(200);
    assertAnswer(edge.get("/api/ping"), 200, "{\"msg\":\"pong\"}");
  }

  @Test
  void redirectsToThePathWithoutTrailingSlash() {
    var get = edge.get("/api/dtmsvr/query/?gid=a%20b");
    var post = edge.post("/api/dtmsvr/submit/", saga("g1", 1));

    assertThat(get.statusCode()).isEqualTo(301);
    assertThat(get.headers().firstValue("Location")).contains("/api/dtmsvr/query?gid=a%20b");
    assertThat(post.statusCode()).isEqualTo(307);
    assertThat(post.headers().firstValue("Location")).contains("/api/dtmsvr/submit");
    assertThat(edge.stored()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "nonsense", "a/b;c=d"})
  void looksAtNoContentType(String contentType) {
    var request =
        edge.request("POST", "/api/dtmsvr/submit", saga("g1", 1) + " \r\n\t")
            .header("Content-Type", contentType)
            .build();

    assertAnswer(edge.exchange(request), 200, SUCCESS);
  }

  @Test
  void asksForPatienceWhenTheStoreIsAway() {
    edge.storeThrows(new StoreUnavailable("connection refused by 10.0.0.7"));

    for (var answer :
        new HttpResponse<?>[] {
          edge.post("/api/dtmsvr/submit", saga("g1", 1)), edge.get("/api/dtmsvr/query?gid=g1")
        }) {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      assertThat(answer.body().toString())
          .startsWith("{\"message\":\"the store is unavailable")
          .doesNotContain("10.0.0.7");
    }
  }

  /** Under the number the log has one line, however many were told it. */
  @Test
  void errorsOfOneReasonHaveOneNumberAndThoseOfAnotherHaveAnother() {
    edge.storeThrows(new StoreUnavailable("connection refused"));
    var first = edge.get("/api/dtmsvr/query?gid=g1").body();
    var second = edge.get("/api/dtmsvr/query?gid=g2").body();
    edge.storeThrows(new StoreUnavailable("disk full"));
    var other = edge.get("/api/dtmsvr/query?gid=g3").body();

    assertThat(first).containsPattern("\\(error [0-9a-f]{8}\\)");
    assertThat(second).isEqualTo(first);
    assertThat(other).containsPattern("\\(error [0-9a-f]{8}\\)").isNotEqualTo(first);
  }

  @Test
  void tellsNothingOfABugButItsNumber() {
    edge.storeThrows(new IllegalStateException("secret detail"));

    var answer = edge.get("/api/dtmsvr/query?gid=g1");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).matches("\\{\"message\":\"internal error [0-9a-f]{8}\"}");
  }
}
