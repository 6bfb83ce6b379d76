package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.assertAnswer;
import static io.dtm.server.api.EdgeAssertions.assertError;
import static io.dtm.server.api.EdgeAssertions.assertSuccess;
import static io.dtm.server.api.SagaBody.saga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Retry policies and parked transactions over REST and JSON-RPC. */
class ParkedEdgeTest {
  private static final String RESUME = "/api/dtmsvr/resumeParked";
  private static final String REASON =
      "failed attempts in a row: 1 (at most 1); branch 01 action at http://s/act1: HTTP 500";

  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  private void park(String... gids) {
    edge.participant(call -> new BranchResult.Unclear("HTTP 500"));
    for (var gid : gids) {
      assertSuccess(edge.post("/api/dtmsvr/submit", saga(gid, 1, ",\"retry_max_attempts\":1")));
      edge.awaitQuiet();
    }
    edge.participant(call -> new BranchResult.Succeeded());
  }

  @Test
  void aParkedTransactionShowsItsReasonBesideTheStatusThatClientsKnow() {
    park("a");

    for (var path : List.of("query?gid=a", "all?gid=a", "all")) {
      assertThat(edge.get("/api/dtmsvr/" + path).body())
          .as(path)
          .contains("\"status\":\"submitted\"")
          .contains("\"parked_reason\":\"" + REASON + "\"")
          .contains("\"parked_since\":\"2026-01-0");
    }
  }

  @Test
  void othersHaveNoWordOfIt() {
    edge.participant(call -> new BranchResult.Unclear("HTTP 500"));
    edge.post("/api/dtmsvr/submit", saga("a", 1, ""));
    edge.awaitQuiet();

    assertThat(edge.get("/api/dtmsvr/query?gid=a").body())
        .contains("\"next_cron_time\":")
        .doesNotContain("parked", "retry_max", "retry_factor");
  }

  @Test
  void aPolicyMayComeOverJsonRpc() {
    edge.participant(call -> new BranchResult.Unclear("HTTP 500"));

    edge.post(
        "/api/json-rpc",
        "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"submit\",\"params\":%s}"
            .formatted(saga("a", 1, ",\"retry_max_attempts\":1")));

    edge.awaitQuiet();
    assertThat(edge.stored("a").schedule().isParked()).isTrue();
  }

  @Test
  void listsThoseThatAreParkedOnRequest() {
    edge.post("/api/dtmsvr/submit", saga("done", 1, ""));
    edge.awaitQuiet();
    park("a", "b", "c");

    var page = edge.get("/api/dtmsvr/all?parked=true&limit=2").body();

    assertThat(page).contains("\"gid\":\"a\"", "\"gid\":\"b\"").doesNotContain("done", "\"c\"");
    var position = page.replaceFirst(".*\"next_position\":\"([^\"]*)\".*", "$1");
    assertThat(edge.get("/api/dtmsvr/all?parked=true&limit=2&position=" + position).body())
        .startsWith("{\"next_position\":\"\"")
        .contains("\"gid\":\"c\"");
    assertThat(edge.get("/api/dtmsvr/all?parked=true&transType=tcc").body())
        .isEqualTo("{\"next_position\":\"\",\"transactions\":null}");
    assertThat(edge.get("/api/dtmsvr/all?parked=false").body()).contains("done");
  }

  @Test
  void resetNextCronTimeResumesOne() {
    park("a", "b");

    assertSuccess(edge.post("/api/dtmsvr/resetNextCronTime", "{\"gid\":\"a\"}"));

    edge.awaitQuiet();
    assertThat(edge.stored("a").status()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(edge.stored("b").schedule().isParked()).isTrue();
  }

  @Test
  void resumesThoseThatMatchAtARate() {
    park("a", "b", "c");

    assertAnswer(
        edge.post(RESUME, "{\"destination\":\"S:80\",\"reason_contains\":\"500\",\"rate\":1}"),
        200,
        "{\"count\":3,\"has_remaining\":false,\"next_position\":\"\"}");

    edge.awaitQuiet();
    assertThat(edge.stored("a").status()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(edge.stored("b").status()).isEqualTo(TransactionStatus.SUBMITTED);
    edge.time.advance(Duration.ofSeconds(2), edge::awaitQuiet);
    assertThat(edge.stored("c").status()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void aDryRunOnlyCounts() {
    park("a", "b");

    assertAnswer(
        edge.post(RESUME, "{\"trans_type\":\"saga\",\"dry_run\":true}"),
        200,
        "{\"count\":2,\"has_remaining\":false,\"next_position\":\"\"}");
    assertAnswer(
        edge.post(RESUME, "{\"destination\":\"elsewhere:80\",\"dry_run\":true}"),
        200,
        "{\"count\":0,\"has_remaining\":false,\"next_position\":\"\"}");

    edge.awaitQuiet();
    assertThat(edge.stored("a").schedule().isParked()).isTrue();
  }

  @Test
  void oneRequestResumesNoMoreThanTheLimit() {
    park("a", "b", "c");

    assertThat(edge.post(RESUME, "{\"limit\":2}").body())
        .startsWith("{\"count\":2,\"has_remaining\":true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'dryrun':true} | body: dryrun (expected: trans_type, destination, reason_contains, limit,"
            + " rate, delay, dry_run or position)",
        "{'rate':10001} | rate: 10001 (expected: a whole number from 0 to 10000)",
        "{'trans_type':'sage'} | trans_type: sage (expected: one of saga, tcc, xa, msg, workflow)",
        "{'position':'?'} | position: ? (expected: the next_position of an earlier answer)",
        "{'limit':-1} | limit: -1 (expected: a whole number from 0 to 2147483647)",
      })
  void badRequestsSayWhatIsExpected(String body, String message) {
    var answer = edge.post(RESUME, body.replace("\"", "").replace('\'', '"'));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(message);
  }

  @Test
  void badPoliciesAndFiltersAreRefused() {
    assertError(
        edge.post("/api/dtmsvr/submit", saga("a", 1, ",\"retry_factor\":101")),
        400,
        "retry_factor: 101 (expected: a whole number from 0 to 100)");
    assertError(
        edge.get("/api/dtmsvr/all?parked=yes"), 400, "parked: yes (expected: true or false)");
    assertThat(edge.stored()).isEmpty();
  }

  @Test
  void aRecordThatCannotBeReadIsSaidSo() {
    edge.storeThrows(
        new StoredRecordUnreadable(
            "store folder /secret",
            "progress of a: format 3 (supported: 1 to 2)",
            new IllegalStateException()));

    var answer = edge.get("/api/dtmsvr/query?gid=a");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body())
        .contains(
            "this server cannot read what is stored, nothing was changed; a newer one may (progress"
                + " of a: format 3 (supported: 1 to 2), error ")
        .doesNotContain("secret");
  }
}
