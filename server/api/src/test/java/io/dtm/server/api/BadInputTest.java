package io.dtm.server.api;

import static io.dtm.server.api.SagaBody.saga;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Defects D8, D16, D24 to D27 and P5 of the reference: every fault of a request is named, and
 * changes nothing.
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
    edge.post("/api/dtmsvr/prepare", "{\"gid\":\"tcc\",\"trans_type\":\"tcc\"}");
    edge.get("/api/dtmsvr/subscribe?topic=t&url=http://a/b");
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
    var settings = edge.keyValues.listEntries("", "", 100).entries();

    var answer = edge.exchange(bad.method, bad.path, bad.body);

    assertThat(answer.body()).startsWith("{\"message\":\"").contains(bad.says);
    assertThat(answer.body()).hasSizeLessThan(400).doesNotContain("Exception", "io.dtm", "\\u00");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/json; charset=utf-8");
    assertThat(edge.stored()).isEqualTo(before);
    assertThat(edge.keyValues.listEntries("", "", 100).entries()).isEqualTo(settings);
  }

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    addMalformed(cases);
    addWrongTypes(cases);
    addWrongValues(cases);
    addWrongOrders(cases);
    addWrongQueries(cases);
    addWrongMessages(cases);
    addWrongWorkflows(cases);
    addWrongRegistrations(cases);
    addWrongTopics(cases);
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
    submit(cases, saga("a ", 1), "gid: a", "no space at the end");
    submit(cases, saga("a\\ud800", 1), "gid: a", "well-formed Unicode");
    submit(cases, "{\"gid\":\"g\"}", "trans_type: missing", "one of saga, tcc, xa, msg, workflow");
    submit(cases, "{\"gid\":\"g\",\"trans_type\":\"Saga\"}", "trans_type: Saga", "one of saga");
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
            "localhost:99999/a.B/C",
            "localhost:0/a.B/C",
            "localhost:8080/C",
            "localhost:8080/a.B/C/D",
            "localhost/a.B/C",
            "lo calhost:8080/a.B/C",
            "localhost:8080/a.B/C D",
            "nacos://bank/debit",
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
          "http:// or https://",
          "host:port/package.Service/Method");
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

  private static void addWrongMessages(List<Case> cases) {
    var message = "{\"gid\":\"g\",\"trans_type\":\"msg\",";
    for (var route : List.of("submit", "prepare")) {
      post(
          cases,
          route,
          message + "\"steps\":[{}],\"payloads\":[\"\"]}",
          "steps[0].action: missing");
      post(
          cases,
          route,
          message
              + "\"steps\":[{\"action\":\"\"},{\"action\":\"topic:/t\"}],\"payloads\":[\"\",\"\"]}",
          "steps[1].action: topic:/t",
          "topic:// with a topic");
      post(
          cases,
          route,
          message + "\"steps\":[{\"action\":\"topic://t\"}]}",
          "payloads: 0 given",
          "each of the 1");
      post(
          cases,
          route,
          message + "\"query_prepared\":\"topic://t\"}",
          "query_prepared: topic://t",
          "http:// or https://");
      custom(cases, route, message, "nonsense", "custom_data: Unrecognized token");
      custom(cases, route, message, "[]", "custom_data: a list");
      custom(cases, route, message, "{'delay':-1}", "custom_data.delay: -1", "from 0 to");
      custom(cases, route, message, "{'delay':'soon'}", "custom_data.delay: \\\"soon\\\"");
      custom(cases, route, message, "{'delay':1.5}", "custom_data.delay: 1.5");
      custom(cases, route, message, "{'delay':5000000000}", "custom_data.delay: 5000000000");
    }
  }

  private static void addWrongWorkflows(List<Case> cases) {
    var workflow = "{\"gid\":\"g\",\"trans_type\":\"workflow\",";
    for (var route : List.of("prepareWorkflow", "prepare")) {
      post(cases, route, workflow + "\"protocol\":\"\"}", "custom_data.name: missing");
      custom(cases, route, workflow, "null", "custom_data.name: missing");
      custom(cases, route, workflow, "{'data':'AA=='}", "custom_data.name: missing");
      custom(cases, route, workflow, "{'name':''}", "custom_data.name: missing");
      custom(cases, route, workflow, "{'name':5}", "custom_data.name: 5", "a string");
      custom(
          cases, route, workflow, "{'name':'a\\\\nb'}", "custom_data.name: a", "control character");
      custom(cases, route, workflow, "{'name':'n','data':'?'}", "custom_data.data: ?", "base64");
      custom(cases, route, workflow, "{'name':'n','data':'A'}", "custom_data.data: A", "base64");
      custom(cases, route, workflow, "{'name':'n','data':{}}", "custom_data.data: an object");
      custom(cases, route, workflow, "{", "custom_data:", "well-formed JSON");
    }
    post(cases, "prepareWorkflow", "", "body: empty");
    post(cases, "prepareWorkflow", "{\"gid\":\"g\"}", "trans_type: missing");
    post(cases, "prepareWorkflow", "{\"trans_type\":\"workflow\"}", "gid: missing");
    post(cases, "prepareWorkflow", saga("g", 1), "trans_type: saga (expected: workflow)");
    for (var status : List.of("", "prepared", "submitted", "aborting", "SUCCEED", "done")) { // D8
      submit(
          cases,
          workflow + "\"req_extra\":{\"status\":\"%s\"}}".formatted(status),
          "req_extra.status: " + (status.isEmpty() ? "missing" : status),
          "one of succeed, failed");
    }
    submit(cases, workflow + "\"req_extra\":null}", "req_extra.status: missing");
    submit(cases, workflow + "\"req_extra\":{\"status\":1}}", "req_extra.status: 1", "a string");
    submit(
        cases, workflow + "\"req_extra\":\"x\"}", "req_extra: \\\"x\\\"", "an object of strings");
    submit(
        cases,
        "{\"trans_type\":\"workflow\",\"req_extra\":{\"status\":\"failed\"}}",
        "gid: missing");
  }

  private static void addWrongRegistrations(List<Case> cases) {
    for (var route : List.of("registerBranch", "registerTccBranch", "registerXaBranch")) {
      post(cases, route, "", "body: empty");
      post(cases, route, "[]", "body: a list");
      post(cases, route, "{\"gid\"", "body:");
      post(cases, route, "{}", "gid: missing");
    }
    var of = "{\"gid\":\"tcc\",\"trans_type\":";
    register(cases, "{\"gid\":\"tcc\"}", "trans_type: missing", "one of tcc, xa, workflow");
    register(cases, of + "null}", "trans_type: missing");
    register(cases, of + "\"saga\"}", "unknow trans type: saga", "one of tcc, xa, workflow");
    register(cases, of + "\"Tcc\"}", "unknow trans type: Tcc");
    var tcc = of + "\"tcc\",\"branch_id\":\"01\",\"confirm\":\"\",\"cancel\":\"\"";
    for (var value : List.of("5", "true", "{}", "[]", "{\"a\":\"b\"}", "1.5")) {
      register(cases, tcc + ",\"data\":" + value + "}", "data: ", "a string");
      register(cases, tcc + ",\"extra\":" + value + "}", "extra: ", "a string");
    }
    register(cases, of + "\"tcc\",\"branch_id\":1}", "branch_id: 1", "a string");
    register(cases, of + "\"tcc\",\"confirm\":\"\",\"cancel\":\"\"}", "branch_id: missing");
    register(cases, of + "\"tcc\",\"branch_id\":\"\",\"confirm\":\"\"}", "branch_id: missing");
    register(cases, of + "\"tcc\",\"branch_id\":\"01\"}", "confirm, cancel: missing");
    register(
        cases,
        of + "\"tcc\",\"branch_id\":\"01\",\"confirm\":null,\"cancel\":null}",
        "confirm, cancel: missing");
    register(
        cases,
        of + "\"tcc\",\"branch_id\":\"01\",\"cancel\":\"x\",\"confirm\":\"\"}",
        "cancel: x",
        "http://");
    register(
        cases,
        of + "\"tcc\",\"branch_id\":\"01\",\"cancel\":\"\",\"confirm\":\"topic://t\"}",
        "confirm: topic://t");
    register(cases, tcc + ",\"branch_id\":\"a\\u0000\"}", "branch_id: a", "control character");
    register(cases, tcc + ",\"branch_id\":\"a\\udc00\"}", "branch_id: a", "Unicode");
    register(
        cases, tcc + ",\"branch_id\":\"" + "1".repeat(129) + "\"}", "(129 characters)", "1 to 128");
    register(cases, tcc + ",\"gid\":\"" + "g".repeat(129) + "\"}", "gid: g", "1 to 128");
    register(cases, tcc + ",\"gid\":null}", "gid: missing");
    var xa = of + "\"xa\",\"branch_id\":\"01\"";
    register(cases, of + "\"xa\",\"url\":\"http://a/b\"}", "branch_id: missing");
    register(cases, xa + "}", "url: missing");
    register(cases, xa + ",\"url\":\"\"}", "url: missing");
    register(cases, xa + ",\"url\":\"ftp://a/b\"}", "url: ftp://a/b");
    var workflow = of + "\"workflow\",\"branch_id\":\"01\"";
    register(cases, workflow + ",\"status\":\"succeed\"}", "op: missing");
    register(cases, workflow + ",\"op\":\"\",\"status\":\"succeed\"}", "op: missing");
    register(cases, workflow + ",\"op\":\"a\\tb\",\"status\":\"succeed\"}", "op: a", "control");
    register(cases, workflow + ",\"op\":\"action\"}", "status: missing", "succeed, failed");
    register(cases, workflow + ",\"op\":\"action\",\"status\":\"\"}", "status: missing", "one of");
    register(cases, workflow + ",\"op\":\"action\",\"status\":\"done\"}", "status: done", "one of");
  }

  private static void addWrongTopics(List<Case> cases) {
    for (var route : List.of("subscribe", "unsubscribe")) {
      get(cases, route, "empty topic");
      get(cases, route + "?topic=&url=http://a/b", "empty topic");
      get(cases, route + "?topic=t", "empty url");
      get(cases, route + "?topic=" + "x".repeat(129) + "&url=http://a", "topic: xxx", "1 to 128");
      get(cases, route + "?topic=a%00b&url=http://a/b", "topic: a", "control character");
    }
    for (var url : List.of("nonsense", "topic://t", "ftp://a/b", "nacos://a/b")) {
      get(cases, "subscribe?topic=new&url=" + url, "url: " + url, "http:// or https://");
    }
    add(cases, "DELETE", "topic/a%0Ab", "", "topic: a", "control character");
    add(cases, "DELETE", "topic/" + "x".repeat(129), "", "topic: xxx", "1 to 128");
  }

  private static void custom(
      List<Case> cases, String route, String start, String customData, String... says) {
    var quoted = customData.replace("'", "\\\"");
    post(cases, route, start + "\"custom_data\":\"" + quoted + "\"}", says);
  }

  private static void orders(List<Case> cases, String customData, String... says) {
    var quoted = customData.replace("'", "\\\"");
    submit(cases, SAGA + ONE_STEP + "\"custom_data\":\"" + quoted + "\"}", says);
  }

  private static void submit(List<Case> cases, String body, String... says) {
    add(cases, "POST", "submit", body, says);
  }

  private static void register(List<Case> cases, String body, String... says) {
    post(cases, "registerBranch", body, says);
  }

  private static void post(List<Case> cases, String route, String body, String... says) {
    add(cases, "POST", route, body, says);
  }

  private static void get(List<Case> cases, String pathAndQuery, String... says) {
    add(cases, "GET", pathAndQuery, "", says);
  }

  private static void add(
      List<Case> cases, String method, String pathAndQuery, String body, String... says) {
    var name = "%d %s: %s".formatted(cases.size(), pathAndQuery, String.join(", ", says));
    cases.add(new Case(name, method, "/api/dtmsvr/" + pathAndQuery, body, List.of(says)));
  }

  @Test
  void aMemberIsNamedHoweverItIsCalled() {
    try (var edge = new RunningEdge(RunningEdge.config(1_000_000, 100, 64))) {
      var nameless = edge.post("/api/dtmsvr/registerBranch", "{\"\":1}");
      var endless =
          edge.post("/api/dtmsvr/registerBranch", "{\"%s\":1}".formatted("n".repeat(40_000)));

      assertThat(nameless.body()).contains("\\\"\\\": 1 (expected: a string)");
      assertThat(endless.body()).contains("… (40000 characters): 1 (expected: a string)");
      assertThat(endless.body().length()).isLessThan(300);
    }
  }
}
