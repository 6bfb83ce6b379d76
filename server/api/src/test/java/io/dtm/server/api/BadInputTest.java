package io.dtm.server.api;

import static io.dtm.server.api.SagaBody.saga;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Defects D16, D24 to D27 and P5 of the reference: every fault of a request is named, and changes
 * nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final String SAGA = "{\"gid\":\"g\",\"trans_type\":\"saga\",";
  private static final String ONE_STEP = "\"steps\":[{\"action\":\"\"}],\"payloads\":[\"\"],";

  private RunningEdge edge;

  @BeforeAll
  void start() {
    edge = new RunningEdge();
    edge.post("/api/dtmsvr/prepare", saga("kept", 1));
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  /** One request and what the answer must say. */
  record Case(String name, String method, String path, String body, List<String> says) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void namesTheFaultAndChangesNothing(Case bad) {
    var before = edge.stored();

    var answer = edge.exchange(bad.method, bad.path, bad.body);

    assertThat(answer.body()).startsWith("{\"message\":\"").contains(bad.says);
    assertThat(answer.body()).hasSizeLessThan(400).doesNotContain("Exception", "io.dtm", "\\u00");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/json; charset=utf-8");
    assertThat(edge.stored()).isEqualTo(before);
  }

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    addMalformed(cases);
    addWrongTypes(cases);
    addWrongValues(cases);
    addWrongOrders(cases);
    addWrongQueries(cases);
    return cases;
  }

  private static void addMalformed(List<Case> cases) {
    submit(cases, "", "body: empty", "JSON object");
    submit(cases, " \n ", "body: empty");
    submit(cases, "nonsense", "body: Unrecognized token 'nonsense'", "line 1, column");
    submit(cases, "{\"gid\":\"g\",\n\"trans_type\":}", "well-formed JSON", "line 2, column");
    submit(cases, "{\"gid\":\"g\"", "body:", "end-of-input");
    submit(cases, "{\"gid\":\"g", "body:", "end-of-input");
    submit(cases, "{\"gid\":\"g\"}{}", "body: more text behind the object");
    submit(cases, "{\"gid\":\"g\"} x", "body:");
    submit(cases, "[]", "body: a list", "JSON object");
    submit(cases, "null", "body: null");
    submit(cases, "\"text\"", "body: \\\"text\\\"");
    submit(cases, "5", "body: 5");
    submit(cases, "{'gid':'g'}", "body:", "well-formed JSON");
    submit(cases, "{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}", "body:", "nesting");
    submit(cases, "{\"x\":" + "9".repeat(2000) + "}", "body:", "well-formed JSON");
    submit(cases, "\u0000\u0000{\"gid\":1}", "body:");
  }

  private static void addWrongTypes(List<Case> cases) {
    submit(cases, "{\"gid\":7}", "gid: 7", "a string");
    submit(cases, "{\"gid\":{\"a\":1}}", "gid: an object", "a string");
    submit(cases, "{\"gid\":[\"g\"]}", "gid: a list", "a string");
    submit(cases, SAGA + "\"steps\":{\"action\":\"\"}}", "steps: an object", "a list");
    submit(cases, SAGA + "\"steps\":\"[]\"}", "steps: \\\"[]\\\"", "a list");
    submit(cases, SAGA + "\"steps\":[5]}", "steps[0]: 5", "an object");
    submit(cases, SAGA + "\"steps\":[[\"a\"]]}", "steps[0]: a list", "an object");
    submit(cases, SAGA + "\"steps\":[{\"action\":5}]}", "steps[0].action: 5", "a string");
    submit(cases, SAGA + "\"payloads\":\"p\"}", "payloads: \\\"p\\\"", "a list");
    submit(cases, SAGA + "\"payloads\":[{\"a\":1}]}", "payloads[0]: an object", "a string");
    submit(cases, SAGA + "\"payloads\":[\"a\",5]}", "payloads[1]: 5", "a string");
    submit(cases, SAGA + "\"wait_result\":\"yes\"}", "wait_result: \\\"yes\\\"", "true or false");
    submit(cases, SAGA + "\"wait_result\":1}", "wait_result: 1", "true or false");
    submit(
        cases, SAGA + "\"timeout_to_fail\":\"soon\"}", "timeout_to_fail: \\\"soon\\\"", "number");
    submit(cases, SAGA + "\"timeout_to_fail\":1.5}", "timeout_to_fail: 1.5", "whole number");
    submit(cases, SAGA + "\"timeout_to_fail\":true}", "timeout_to_fail: true", "whole number");
    submit(cases, SAGA + "\"branch_headers\":\"X: y\"}", "branch_headers: \\\"X: y\\\"", "object");
    submit(cases, SAGA + "\"branch_headers\":[\"a\"]}", "branch_headers: a list", "object");
    submit(cases, SAGA + "\"branch_headers\":{\"X\":5}}", "branch_headers.X: 5", "a string");
    submit(cases, SAGA + "\"custom_data\":{}}", "custom_data: an object", "a string");
    submit(cases, SAGA + "\"protocol\":false}", "protocol: false", "a string");
  }

  private static void addWrongValues(List<Case> cases) {
    submit(cases, "{\"trans_type\":\"saga\"}", "gid: missing", "1 to 128");
    submit(cases, "{\"gid\":null,\"trans_type\":\"saga\"}", "gid: missing");
    submit(cases, saga("x".repeat(129), 1), "gid: xxx", "(129 characters)", "1 to 128");
    submit(cases, saga("a\\nb", 1), "gid: a", "control character");
    submit(cases, saga("a\\u0000", 1), "gid: a", "control character");
    submit(cases, saga("a\\ud800", 1), "gid: a", "well-formed Unicode");
    submit(cases, "{\"gid\":\"g\"}", "trans_type: missing", "one of saga, tcc, xa, msg, workflow");
    submit(cases, "{\"gid\":\"g\",\"trans_type\":\"Saga\"}", "trans_type: Saga", "one of saga");
    for (var mode : List.of("tcc", "xa", "msg", "workflow")) {
      var body = "{\"gid\":\"g\",\"trans_type\":\"%s\"}".formatted(mode);
      submit(cases, body, "trans_type: " + mode, "does not run the other modes yet");
    }
    submit(cases, SAGA + "\"protocol\":\"soap\"}", "protocol: soap", "http, json-rpc, grpc");
    for (var field :
        List.of("timeout_to_fail", "request_timeout", "retry_interval", "retry_limit")) {
      submit(cases, SAGA + "\"" + field + "\":-1}", field + ": -1", "from 0 to 2147483647");
    }
    submit(cases, SAGA + "\"retry_limit\":\"-3\"}", "retry_limit: \\\"-3\\\"", "from 0 to");
    submit(cases, SAGA + "\"retry_limit\":2147483648}", "retry_limit: 2147483648", "2147483647");
    submit(cases, SAGA + "\"retry_limit\":99999999999999999999}", "retry_limit: 9999", "from 0");
    submit(cases, SAGA + "\"retry_limit\":1e400}", "retry_limit: 1e400", "from 0");
    submit(cases, SAGA + "\"branch_headers\":{\"\":\"x\"}}", "branch_headers:", "name of a header");
    submit(cases, SAGA + "\"branch_headers\":{\"A B\":\"x\"}}", "branch_headers: \\\"A B\\\"");
    submit(cases, SAGA + "\"branch_headers\":{\"A\":\"x\\r\\ny\"}}", "branch_headers.A: x");
    submit(cases, SAGA + "\"steps\":[{}],\"payloads\":[\"\"]}", "steps[0].action: missing");
    submit(cases, SAGA + "\"steps\":[null],\"payloads\":[\"\"]}", "steps[0].action: missing");
    submit(cases, SAGA + "\"steps\":[{\"action\":\"\"}]}", "payloads: 0 given", "each of the 1");
    submit(
        cases,
        SAGA + "\"steps\":[{\"action\":\"\"},{\"action\":\"\"}],\"payloads\":[\"\"]}",
        "payloads: 1 given",
        "each of the 2");
    submit(cases, saga("g", 101), "steps: more than 100", "MaxSteps");
    for (var url :
        List.of(
            "nonsense",
            "/relative",
            "ftp://host/x",
            "topic://t",
            "localhost:8080/a.B/C",
            "http:///nohost",
            "http://",
            "http:x",
            "http://ho st/",
            "http://host:99999/",
            "http://host:x/",
            "http://user@:80/",
            "javascript:alert(1)")) {
      submit(
          cases,
          SAGA + "\"steps\":[{\"action\":\"%s\"}],\"payloads\":[\"\"]}".formatted(url),
          "steps[0].action: " + url,
          "http:// or https://");
    }
    submit(
        cases,
        SAGA + "\"steps\":[{\"action\":\"\",\"compensate\":\"x\"}],\"payloads\":[\"\"]}",
        "steps[0].compensate: x");
    for (var command : List.of("abort", "forceStop", "resetNextCronTime")) {
      add(cases, "POST", command, "{\"trans_type\":\"saga\"}", "gid: missing");
      add(cases, "POST", command, "{\"gid\"", "body:");
    }
    add(cases, "POST", "abort", "{\"gid\":\"kept\"}", "trans_type: missing");
    add(cases, "POST", "prepare", "{\"gid\":\"g\"}", "trans_type: missing");
  }

  private static void addWrongOrders(List<Case> cases) {
    orders(cases, "nonsense", "custom_data: Unrecognized token");
    orders(cases, "[]", "custom_data: a list");
    orders(cases, "{} {}", "custom_data: more text");
    orders(cases, "{'orders':5}", "custom_data.orders: 5", "an object");
    orders(cases, "{'orders':{'a':[0]}}", "custom_data.orders: \\\"a\\\"", "indexes of steps");
    orders(cases, "{'orders':{'0':5}}", "custom_data.orders.0: 5", "a list");
    orders(cases, "{'orders':{'0':['x']}}", "custom_data.orders.0[0]: \\\"x\\\"", "number");
    orders(cases, "{'orders':{'0':[-1]}}", "custom_data.orders.0[0]: -1", "number");
    orders(cases, "{'orders':{'1':[0]}}", "custom_data.orders: step 1", "0 to 0");
    orders(cases, "{'orders':{'-1':[0]}}", "custom_data.orders: step -1", "0 to 0");
    orders(cases, "{'orders':{'0':[1]}}", "custom_data.orders: step 1", "0 to 0");
    orders(cases, "{'orders':{'0':[0]}}", "step 0 waits for step 0", "an earlier step");
    orders(cases, "{'orders':{'0':[0]},'concurrent':true}", "cycle 0 after 0");
    orders(cases, "{'concurrent':'yes'}", "custom_data.concurrent: \\\"yes\\\"", "true or false");
  }

  private static void addWrongQueries(List<Case> cases) {
    get(cases, "query", "no gid specified");
    get(cases, "query?gid=" + "x".repeat(200), "gid: xxx", "1 to 128");
    get(cases, "query?gid=a%0Ab", "gid: a", "control character");
    get(cases, "all?limit=0", "limit: 0", "from 1 to");
    get(cases, "all?limit=-5", "limit: -5", "from 1 to");
    get(cases, "all?limit=ten", "limit: ten", "whole number");
    get(cases, "all?limit=1.0", "limit: 1.0", "whole number");
    get(cases, "all?createTimeStart=today", "createTimeStart: today", "whole number");
    get(cases, "all?createTimeEnd=-1", "createTimeEnd: -1", "from 0");
    get(cases, "all?createTimeEnd=9223372036854775807", "createTimeEnd: 9223372036854775807");
    get(cases, "all?status=done", "status: done", "prepared, submitted, aborting, succeed, failed");
    get(cases, "all?transType=foo", "transType: foo", "one of saga, tcc, xa, msg, workflow");
    get(cases, "all?position=nonsense", "position: nonsense", "next_position");
    get(cases, "resetCronTime?timeout=soon", "timeout: soon", "whole number");
    get(cases, "resetCronTime?timeout=-1", "timeout: -1", "from 0");
    get(cases, "resetCronTime?limit=0", "limit: 0", "from 1 to");
    get(cases, "scanKV?limit=x", "limit: x", "whole number");
    get(cases, "queryKV?key=k", "cat: missing");
  }

  private static void orders(List<Case> cases, String customData, String... says) {
    var quoted = customData.replace("'", "\\\"");
    submit(cases, SAGA + ONE_STEP + "\"custom_data\":\"" + quoted + "\"}", says);
  }

  private static void submit(List<Case> cases, String body, String... says) {
    add(cases, "POST", "submit", body, says);
  }

  private static void get(List<Case> cases, String pathAndQuery, String... says) {
    add(cases, "GET", pathAndQuery, "", says);
  }

  private static void add(
      List<Case> cases, String method, String pathAndQuery, String body, String... says) {
    var name = "%d %s: %s".formatted(cases.size(), pathAndQuery, String.join(", ", says));
    cases.add(new Case(name, method, "/api/dtmsvr/" + pathAndQuery, body, List.of(says)));
  }
}
