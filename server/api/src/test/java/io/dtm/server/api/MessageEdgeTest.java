package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.assertError;
import static io.dtm.server.api.EdgeAssertions.assertRefused;
import static io.dtm.server.api.EdgeAssertions.assertSuccess;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.TransactionStatus;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two-phase messages over REST, to addresses and to topics. */
class MessageEdgeTest {
  private static final String WAITED = ",\"wait_result\":true";
  private static final String NOT_YET = "wait result not return success: FAILURE";

  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void deliversAMessageInItsOrder() {
    assertSuccess(submit("\"http://a/1\",\"\",\"bank:9090/bank.Bank/In\"", WAITED));

    assertThat(edge.calls())
        .extracting(call -> call.url() + " " + call.payload().text())
        .containsExactly("http://a/1 p", "bank:9090/bank.Bank/In p");
    assertThat(edge.get("/api/dtmsvr/query?gid=m1").body())
        .containsSubsequence(
            "\"url\":\"http://a/1\",\"bin_data\":\"cA==\",\"branch_id\":\"01\",\"op\":\"action\",\"status\":\"succeed\"",
            "\"gid\":\"m1\",\"bin_data\":\"cA==\",\"branch_id\":\"02\",\"op\":\"action\",\"status\":\"succeed\"",
            "\"url\":\"bank:9090/bank.Bank/In\",\"bin_data\":\"cA==\",\"branch_id\":\"03\"",
            "\"trans_type\":\"msg\",\"status\":\"succeed\"");
  }

  @Test
  void preparesThenSubmits() {
    assertSuccess(post("prepare", "\"http://a/1\"", ",\"query_prepared\":\"http://a/ask\""));
    assertSuccess(post("prepare", "\"http://a/1\"", ",\"query_prepared\":\"http://a/ask\""));
    assertThat(edge.calls()).isEmpty();

    assertSuccess(submit("\"http://a/1\"", WAITED));

    assertThat(edge.calls()).extracting(BranchCall::url).containsExactly("http://a/1");
    assertThat(edge.get("/api/dtmsvr/all?gid=m1").body())
        .contains("\"query_prepared\":\"http://a/ask\"");
    assertRefused(
        submit("\"http://a/1\"", ""), "current status 'succeed', cannot sumbmit. FAILURE");
    assertRefused(
        post("prepare", "\"http://a/1\"", ""), "current status 'succeed', cannot prepare. FAILURE");
  }

  @Test
  void asksTheSenderThatNeverSubmits() {
    post("prepare", "\"http://a/1\"", ",\"query_prepared\":\"http://a/ask\"");

    edge.time.advance(Duration.ofSeconds(40), edge::awaitQuiet);

    assertThat(edge.calls())
        .extracting(call -> call.branchId() + " " + call.operation().name() + " " + call.url())
        .containsExactly("00 msg http://a/ask", "01 action http://a/1");
    assertThat(edge.stored("m1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void abortsAPreparedMessageWithTheReasonOfTheClient() {
    post("prepare", "\"http://a/1\"", "");

    assertSuccess(abort(",\"rollback_reason\":\"sold out\""));

    assertThat(edge.get("/api/dtmsvr/query?gid=m1").body())
        .contains("\"status\":\"failed\"", "\"rollback_reason\":\"sold out\"");
    assertRefused(abort(""), "trans type: 'msg' current status 'failed', cannot abort. FAILURE");
  }

  @Test
  void refusesToAbortASubmittedMessage() {
    edge.participant(call -> new BranchResult.Ongoing());
    submit("\"http://a/1\"", "");
    edge.awaitQuiet();

    assertRefused(abort(""), "trans type: 'msg' current status 'submitted', cannot abort. FAILURE");
  }

  @Test
  void waitsUntilTheDelayIsOver() {
    assertRefused(
        submit("\"http://a/1\"", WAITED + ",\"custom_data\":\"{\\\"delay\\\":10}\""), NOT_YET);
    edge.time.advance(Duration.ofMillis(9_999), edge::awaitQuiet);
    assertThat(edge.calls()).isEmpty();

    edge.time.advance(Duration.ofMillis(1), edge::awaitQuiet);

    assertThat(edge.calls()).hasSize(1);
    assertThat(edge.stored("m1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void callsEveryoneAtOnceWhenAskedTo() {
    edge.participant(call ->
        call.url().endsWith("1") ? new BranchResult.Ongoing() : new BranchResult.Succeeded());

    submit("\"http://a/1\",\"http://a/2\"", ",\"concurrent\":true");
    edge.awaitQuiet();

    assertThat(edge.calls())
        .extracting(BranchCall::url)
        .containsExactlyInAnyOrder("http://a/1", "http://a/2");
    assertThat(edge.get("/api/dtmsvr/all?gid=m1").body()).contains("\"concurrent\":true");
  }

  @Test
  void answersAWaitedSubmitThatCouldNotBeDelivered() { // D24
    var proto =
        "your http/grpc result should be specified as in:\\n"
            + "http://d.dtm.pub/practice/arch.html#proto\\nunkown result will be retried: ";
    edge.participant(call -> new BranchResult.Ongoing());
    assertRefused(submit("\"http://a/1\"", WAITED), NOT_YET);

    edge.participant(call -> new BranchResult.Refused("never"));
    assertRefused(submit("\"http://a/1\"", WAITED), proto + "never FAILURE");

    edge.participant(call -> new BranchResult.Unclear("HTTP 502: "));
    assertError(submit("\"http://a/1\"", WAITED), 500, proto + "HTTP 502: ");

    assertThat(edge.stored("m1").status()).isEqualTo(TransactionStatus.SUBMITTED);
  }

  @Test
  void callsOnARepeatedSubmitOnlyWhatIsStoredAndOpen() { // D1
    edge.participant(call ->
        call.url().endsWith("1") ? new BranchResult.Succeeded() : new BranchResult.Ongoing());
    submit("\"http://a/1\",\"http://a/2\"", "");
    edge.awaitQuiet();

    assertSuccess(submit("\"http://other/1\"", ""));
    edge.awaitQuiet();

    assertThat(edge.calls())
        .extracting(BranchCall::url)
        .containsExactly("http://a/1", "http://a/2", "http://a/2");
  }

  @Test
  void deliversToEverySubscriberOfATopic() {
    subscribe("orders", "http://s/1");
    subscribe("orders", "bank:9090/bank.Bank/In");
    subscribe("single", "http://s/3");

    assertSuccess(submit("\"topic://orders\",\"topic://single\"", WAITED));

    assertThat(edge.stored("m1").branches())
        .extracting(b -> b.branchId() + " " + b.url())
        .containsExactly("01-01 http://s/1", "01-02 bank:9090/bank.Bank/In", "02 http://s/3");
  }

  @Test
  void knowsNoTopicWithoutSubscribers() { // D25
    subscribe("empty", "http://s/1");
    edge.get("/api/dtmsvr/unsubscribe?topic=empty&url=http://s/1");

    for (var topic : new String[] {"unknown", "empty", ""}) {
      assertError(submit("\"topic://" + topic + "\"", ""), 404, "topic not found");
      assertError(post("prepare", "\"topic://" + topic + "\"", ""), 404, "topic not found");
    }
    assertThat(edge.stored()).isEmpty();
  }

  @Test
  void deliversToThoseWhoWereSubscribedWhenItWasPrepared() {
    subscribe("orders", "http://s/1");
    post("prepare", "\"topic://orders\"", "");
    edge.exchange("DELETE", "/api/dtmsvr/topic/orders", "");

    assertSuccess(submit("\"topic://orders\"", WAITED));

    assertThat(edge.calls()).extracting(BranchCall::url).containsExactly("http://s/1");
  }

  private void subscribe(String topic, String url) {
    assertSuccess(edge.get("/api/dtmsvr/subscribe?topic=%s&url=%s".formatted(topic, url)));
  }

  private HttpResponse<String> submit(String quotedActions, String more) {
    return post("submit", quotedActions, more);
  }

  private HttpResponse<String> abort(String more) {
    return edge.post("/api/dtmsvr/abort", "{\"gid\":\"m1\",\"trans_type\":\"msg\"" + more + "}");
  }

  private HttpResponse<String> post(String command, String quotedActions, String more) {
    var actions = quotedActions.split(",", -1);
    var steps = new StringBuilder();
    for (var action : actions) {
      steps.append(steps.isEmpty() ? "" : ",").append("{\"action\":").append(action).append('}');
    }
    var payloads = "\"p\"" + ",\"p\"".repeat(actions.length - 1);
    return edge.post(
        "/api/dtmsvr/" + command,
        "{\"gid\":\"m1\",\"trans_type\":\"msg\",\"steps\":[%s],\"payloads\":[%s]%s}"
            .formatted(steps, payloads, more));
  }
}
