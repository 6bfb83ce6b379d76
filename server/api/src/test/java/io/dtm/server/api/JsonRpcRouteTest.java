package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.assertAnswer;
import static io.dtm.server.api.SagaBody.saga;
import static io.dtm.server.api.SagaBody.waitedSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRpcRouteTest {
  private static final String OK =
      "{\"error\":null,\"id\":\"no-use\",\"jsonrpc\":\"2.0\",\"result\":null}";
  private static final String TCC = "{\"gid\":\"g1\",\"trans_type\":\"tcc\"}";

  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void makesGids() {
    for (var params : new String[] {"null", "{}", "[]", "5"}) {
      assertThat(call("newGid", params).body())
          .matches(
              "\\{\"error\":null,\"id\":\"no-use\",\"jsonrpc\":\"2.0\","
                  + "\"result\":\\{\"gid\":\"[2-9A-Za-z]{22}\"}}");
    }
    assertThat(post("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"newGid\"}").body())
        .contains("\"error\":null");
  }

  @Test
  void runsATccTransactionFromEndToEnd() {
    assertAnswer(call("prepare", TCC), 200, OK);
    assertAnswer(call("registerBranch", registration("01")), 200, OK);
    assertAnswer(call("submit", TCC.replace("}", ",\"wait_result\":true}")), 200, OK);

    assertThat(edge.calls()).extracting(BranchCall::url).containsExactly("http://b/confirm");
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void aborts() {
    call("prepare", TCC);

    assertAnswer(call("abort", TCC.replace("}", ",\"rollback_reason\":\"why\"}")), 200, OK);
    edge.awaitQuiet();

    assertThat(edge.stored("g1").progress().rollbackReason()).isEqualTo("why");
  }

  @Test
  void submitsASagaAndAMessage() {
    assertAnswer(call("submit", waitedSaga("s1", 2)), 200, OK);
    assertAnswer(
        call(
            "submit",
            "{\"gid\":\"m1\",\"trans_type\":\"msg\",\"steps\":[{\"action\":\"http://a/b\"}],"
                + "\"payloads\":[\"p\"],\"protocol\":\"json-rpc\",\"wait_result\":true}"),
        200,
        OK);

    assertThat(edge.calls()).hasSize(3);
  }

  @Test
  void answersARefusalWithItsCode() {
    call("submit", waitedSaga("g1", 1));

    assertAnswer(
        call("submit", saga("g1", 1)),
        200,
        error(-32901, "current status 'succeed', cannot sumbmit. FAILURE", "{}"));
    assertAnswer(
        call("registerBranch", registration("01").replace("g1", "none")),
        200,
        error(-32901, "no trans with gid: none status: prepared found FAILURE", "{}"));
  }

  @Test
  void answersAnOngoingTransactionWithItsCode() {
    edge.participant(call -> new BranchResult.Ongoing());
    call("prepare", TCC);
    call("registerBranch", registration("01"));

    assertAnswer(
        call("submit", TCC.replace("}", ",\"wait_result\":true}")),
        200,
        error(-32902, "ONGOING", "{}"));
  }

  @Test
  void answersEveryOtherErrorWithTheCodeOfInternalErrors() {
    assertAnswer(
        call("abort", TCC), 200, error(-32603, "no TransGlobal with gid: g1 found", "null"));
    assertAnswer(
        call(
            "submit",
            "{\"gid\":\"m\",\"trans_type\":\"msg\",\"steps\":[{\"action\":\"topic://t\"}],\"payloads\":[\"\"]}"),
        200,
        error(-32603, "topic not found", "null"));

    edge.storeThrows(new StoreUnavailable("connection refused by 10.0.0.7"));
    assertThat(call("prepare", TCC).body())
        .contains("\"code\":-32603,\"message\":\"the store is unavailable")
        .doesNotContain("10.0.0.7");
    edge.storeThrows(new IllegalStateException("secret detail"));
    assertThat(call("abort", TCC).body())
        .matches(".*\"code\":-32603,\"message\":\"internal error [0-9a-f]{8}\".*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "submit         | {'trans_type':'saga'} | gid: missing (expected: 1 to 128 characters",
        "submit         | {'gid':7}             | gid: 7 (expected: a string)",
        "prepare        | {'gid':'g'}           | trans_type: missing (expected: one of saga",
        "abort          | {'gid':'g','trans_type':'x'} | trans_type: x (expected: one of saga",
        "submit         | []                    | params: a list (expected: a JSON object)",
        "submit         | [{'gid':'g'}]         | params: a list (expected: a JSON object)",
        "submit         | null                  | params: null (expected: a JSON object)",
        "submit         | 5                     | params: 5 (expected: a JSON object)",
        "registerBranch | {'gid':5}             | gid: 5 (expected: a string)",
        "registerBranch | {'gid':'g','trans_type':'tcc','x':1.5} | x: 1.5 (expected: a string)",
        "registerBranch | {'gid':'g','trans_type':'msg'} | unknow trans type: msg (expected: one of tcc",
        "registerBranch | 'text'                | params: ",
        "submit | {'gid':'g','trans_type':'workflow'} | req_extra.status: missing",
        "submit | {'gid':'g','trans_type':'saga','retry_limit':1e400} | retry_limit: ",
        "submit | {'gid':'g','trans_type':'saga','retry_limit':99999999999999999999} | retry_limit: 9999"
      })
  void namesTheFaultOfParameters(String method, String params, String says) {
    var answer = call(method, params.replace('\'', '"'));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("{\"error\":{\"code\":-32602,\"message\":\"" + says)
        .endsWith("\"},\"id\":\"no-use\",\"jsonrpc\":\"2.0\",\"result\":null}");
    assertThat(edge.stored()).isEmpty();
  }

  @Test
  void wantsParameters() {
    assertAnswer(
        post("{\"jsonrpc\":\"2.0\",\"id\":\"no-use\",\"method\":\"submit\"}"),
        200,
        error(-32602, "params: missing (expected: a JSON object)", "null"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "query", "forceStop", "NewGid", "prepareWorkflow"})
  void knowsNoOtherMethod(String method) {
    assertAnswer(call(method, "{}"), 200, error(-32601, "Method not found: " + method, "null"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'jsonrpc':'2.0','id':'','method':'newGid'} | '' | id: missing (expected: a string that is not empty)",
        "{'jsonrpc':'2.0','id':null,'method':'newGid'} | '' | id: missing",
        "{'jsonrpc':'2.0','method':'newGid'} | '' | id: missing",
        "{'jsonrpc':'1.0','id':'7','method':'newGid'} | 7 | jsonrpc: 1.0 (expected: \\\"2.0\\\")",
        "{'id':'7','method':'newGid'} | 7 | jsonrpc: missing",
        "{} | '' | jsonrpc: missing",
        "null | '' | jsonrpc: missing"
      })
  void refusesWhatIsNoRequestOfItsVersion(String request, String id, String says) {
    var answer = post(request.replace("'", "\""));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("{\"error\":{\"code\":-32600,\"message\":\"Bad json request: " + says)
        .endsWith("\"},\"id\":\"" + id + "\",\"jsonrpc\":\"2.0\",\"result\":null}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "{\"jsonrpc\":\"2.0\"",
        "{} {}",
        "5",
        "\"text\"",
        "[{}",
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"newGid\"}",
        "{\"jsonrpc\":2.0,\"id\":\"1\",\"method\":\"newGid\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":[\"1\"],\"method\":\"newGid\",\"params\":{}}"
      })
  void answersWhatItCannotReadAsPlainText(String body) {
    var answer = post(body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    assertThat(answer.body())
        .startsWith("{\"error\":{\"code\":-32700,\"message\":\"Parse json error: ")
        .endsWith("\"},\"id\":\"\",\"jsonrpc\":\"2.0\",\"result\":null}")
        .hasSizeLessThan(400);
  }

  @Test
  void answersAListInItsOrder() {
    var requests =
        "[%s,%s,5,{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"newGid\"},%s]"
            .formatted(
                request("1", "prepare", TCC),
                request("2", "registerBranch", registration("01")),
                request("3", "nothing", "{}"));

    assertAnswer(
        post(requests),
        200,
        "[%s,%s,%s,%s,%s]"
            .formatted(
                OK.replace("no-use", "1"),
                OK.replace("no-use", "2"),
                error(
                        -32600,
                        "Bad json request: body: 5 (expected: a JSON object, or a list of them)",
                        "null")
                    .replace("no-use", ""),
                error(-32600, "Bad json request: id: 7 (expected: a string)", "null")
                    .replace("no-use", ""),
                error(-32601, "Method not found: nothing", "null").replace("no-use", "3")));
    assertThat(edge.stored("g1").branches()).hasSize(2);
  }

  @Test
  void answersAnEmptyListAndOneThatIsTooLongOnce() {
    assertAnswer(
        post("[]"),
        200,
        error(-32600, "Bad json request: body: an empty list (expected: 1 to 100 requests)", "null")
            .replace("no-use", ""));
    assertThat(post("[" + String.join(",", Collections.nCopies(100, "{}")) + "]").body())
        .startsWith("[{\"error\":{\"code\":-32600");
    assertAnswer(
        post("[" + String.join(",", Collections.nCopies(101, "{}")) + "]"),
        200,
        error(-32600, "Bad json request: body: more than 100 (expected: 1 to 100 requests)", "null")
            .replace("no-use", ""));
  }

  @Test
  void sharesTheLimitOfBodies() {
    var answer = call("submit", saga("g1", 1, ",\"x\":\"" + "y".repeat(9_000) + "\""));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(edge.stored()).isEmpty();
  }

  @Test
  void handsTheTraceToTheBranches() {
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    edge.exchange(
        edge.request("POST", "/api/json-rpc", request("1", "submit", waitedSaga("g1", 1)))
            .header("traceparent", trace)
            .build());

    assertThat(edge.calls())
        .singleElement()
        .satisfies(call -> assertThat(call.headers()).containsEntry("traceparent", trace));
  }

  @Test
  void answersOnlyPosts() {
    assertThat(edge.get("/api/json-rpc").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> call(String method, String params) {
    return post(request("no-use", method, params));
  }

  private HttpResponse<String> post(String body) {
    return edge.post("/api/json-rpc", body);
  }

  private static String request(String id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"%s\",\"params\":%s}"
        .formatted(id, method, params);
  }

  private static String registration(String branchId) {
    return """
    {"gid":"g1","trans_type":"tcc","branch_id":"%s","confirm":"http://b/confirm","cancel":""}\
    """
        .formatted(branchId);
  }

  private static String error(int code, String message, String result) {
    return "{\"error\":{\"code\":%d,\"message\":\"%s\"},\"id\":\"no-use\",\"jsonrpc\":\"2.0\",\"result\":%s}"
        .formatted(code, message, result);
  }
}
