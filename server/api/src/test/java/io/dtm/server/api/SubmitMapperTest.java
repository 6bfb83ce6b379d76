package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec.Message;
import io.dtm.server.core.TransactionSpec.Saga;
import io.dtm.server.core.TransactionSpec.Tcc;
import io.dtm.server.core.TransactionSpec.Workflow;
import io.dtm.server.core.TransactionSpec.Xa;
import io.dtm.server.engine.TransactionRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmitMapperTest {
  private final JsonDocuments documents = new JsonDocuments(1 << 20);
  private final SubmitReader reader = new SubmitReader(documents, 10_000);
  private final SubmitMapper mapper = new SubmitMapper(new CustomDataReader(documents));

  @Test
  void mapsEveryMemberOfASaga() {
    var json =
        """
        {"gid": "order-1", "trans_type": "saga", "protocol": "json-rpc", "query_prepared": "",
         "steps": [{"action": "http://bank/out?x=1", "compensate": "https://bank/out/undo"},
                   {"action": "http://my_bank:8080/in", "compensate": ""}],
         "payloads": ["{\\"amount\\":30}", "grüße"],
         "custom_data": "{\\"orders\\":{\\"1\\":[0]},\\"concurrent\\":true}",
         "wait_result": true, "timeout_to_fail": 60, "request_timeout": 5, "retry_interval": 7,
         "retry_limit": 3, "retry_count": 2, "branch_headers": {"X-Tenant": "t1"}, "concurrent": true,
         "rollback_reason": "", "passthrough_headers": ["x"], "req_extra": {"status": "s"}}
        """;

    var request = request(json);

    assertThat(request)
        .isEqualTo(
            new TransactionRequest(
                new Gid("order-1"),
                new Saga(true, Map.of(1, List.of(0))),
                BranchProtocol.JSON_RPC,
                new TransactionOptions(
                    true,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(7),
                    3,
                    true,
                    Map.of("X-Tenant", "t1")),
                "",
                "{\"orders\":{\"1\":[0]},\"concurrent\":true}",
                List.of(
                    new Step(
                        "http://bank/out?x=1",
                        "https://bank/out/undo",
                        Payload.ofText("{\"amount\":30}")),
                    new Step("http://my_bank:8080/in", "", Payload.ofText("grüße")))));
  }

  @Test
  void takesNullForEverythingThatMayBeAbsent() {
    var request =
        request(
            """
            {"gid":"g","trans_type":"saga","steps":null,"payloads":null,"query_prepared":null,
             "protocol":null,"custom_data":null,"rollback_reason":null,"wait_result":null,
             "timeout_to_fail":null,"request_timeout":null,"retry_interval":null,"retry_limit":null,
             "retry_count":null,"branch_headers":null,"concurrent":null,"req_extra":null,
             "passthrough_headers":null,"steps":null}
            """);

    assertThat(request)
        .isEqualTo(
            new TransactionRequest(
                new Gid("g"),
                new Saga(false, Map.of()),
                BranchProtocol.HTTP,
                TransactionOptions.defaults(),
                "",
                "",
                List.of()));
  }

  @Test
  void takesNullInsideStepsAndPayloadsAsEmpty() {
    var request =
        request(
            """
            {"gid":"g","trans_type":"saga","payloads":[null],
             "steps":[{"action":null,"compensate":null}],"branch_headers":{"X":null}}
            """);

    assertThat(request.steps()).containsExactly(new Step("", "", Payload.empty()));
    assertThat(request.options().branchHeaders()).containsExactly(Map.entry("X", ""));
  }

  @Test
  void ignoresUnknownMembersHoweverTheyLook() {
    var request =
        request(
            """
            {"x":{"gid":"inner","y":[[[1e400]]]},"gid":"g","context":{"a":1},"id":7,"status":"succeed",
             "trans_type":"saga","create_time":"yesterday","subType":"a","subType":"b"}
            """);

    assertThat(request.gid()).isEqualTo(new Gid("g"));
  }

  @Test
  void takesTheLastOfRepeatedMembers() {
    var request = request("{\"gid\":\"first\",\"trans_type\":\"saga\",\"GID\":\"last\"}");

    assertThat(request.gid()).isEqualTo(new Gid("last"));
  }

  @Test
  void readsNamesInAnyCase() {
    var request =
        request(
            """
            {"Gid":"g","TRANS_TYPE":"saga","Steps":[{"Action":"http://a/x"}],"Payloads":["p"],
             "Custom_Data":"{\\"Concurrent\\":true,\\"Orders\\":{}}"}
            """);

    assertThat(request.spec()).isEqualTo(new Saga(true, Map.of()));
    assertThat(request.steps()).containsExactly(new Step("http://a/x", "", Payload.ofText("p")));
  }

  @Test
  void takesWholeNumbersInAnySpelling() {
    var options =
        request(
                """
                {"gid":"g","trans_type":"saga","timeout_to_fail":"60","request_timeout":5.0,
                 "retry_interval":7e0,"retry_limit":" 3 "}
                """)
            .options();

    assertThat(options.timeoutToFail()).isEqualTo(Duration.ofSeconds(60));
    assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.retryInterval()).isEqualTo(Duration.ofSeconds(7));
    assertThat(options.retryLimit()).isEqualTo(3);
  }

  @Test
  void takesARetryPolicy() {
    var options =
        request(
                """
                {"gid":"g","trans_type":"saga","retry_interval":7,"retry_factor":3,
                 "retry_max_interval":90,"retry_max_attempts":12,"retry_max_age":86400}
                """)
            .options();

    assertThat(options.retryPolicy())
        .isEqualTo(
            new RetryPolicy(
                Duration.ofSeconds(7), 3, Duration.ofSeconds(90), 12, Duration.ofDays(1)));
  }

  @Test
  void takesWhatPhpMakesOfEmptyAndListLikeMaps() {
    var request =
        request(
            """
            {"gid":"g","trans_type":"saga","branch_headers":[],"req_extra":[],
             "steps":[{"action":"http:\\/\\/a\\/1"},{"action":""},{"action":""}],"payloads":["","",""],
             "custom_data":"{\\"concurrent\\":true,\\"orders\\":[[],[0],null]}"}
            """);

    assertThat(request.spec()).isEqualTo(new Saga(true, Map.of(1, List.of(0))));
    assertThat(request.steps().getFirst().action()).isEqualTo("http://a/1");
  }

  @Test
  void takesEmptyOrdersInEveryForm() {
    for (var orders : List.of("null", "[]", "{}", "{\"0\":null}", "{\"0\":[]}", "[[]]")) {
      var request =
          request(
              "{\"gid\":\"g\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\"\"}],\"payloads\":[\"\"],"
                  + "\"custom_data\":\"{\\\"orders\\\":%s}\"}"
                      .formatted(orders.replace("\"", "\\\"")));

      assertThat(request.spec()).as(orders).isEqualTo(new Saga(false, Map.of()));
    }
  }

  @Test
  void takesPayloadsOfOldClientsOutOfTheSteps() {
    var request =
        request(
            """
            {"gid":"g","trans_type":"saga","payloads":["one"],
             "steps":[{"action":"","data":""},{"action":"","data":"two"}]}
            """);

    assertThat(request.steps())
        .extracting(step -> step.payload().text())
        .containsExactly("one", "two");
  }

  @Test
  void keepsTheGidWordForWord() { // D27
    var gid = "Bestellung;1 <ä>€😀";

    var request = request("{\"gid\":\"%s\",\"trans_type\":\"saga\"}".formatted(gid));

    assertThat(request.gid().value()).isEqualTo(gid);
  }

  @Test
  void keepsPayloadsByteForByte() {
    var request =
        request(
            """
            {"gid":"g","trans_type":"saga","steps":[{"action":""}],"payloads":[" {\\"a\\" :\\t1}\\n\\u0000"]}
            """);

    assertThat(request.steps().getFirst().payload()).isEqualTo(Payload.ofText(" {\"a\" :\t1}\n\0"));
  }

  @Test
  void takesALongChainOfOrders() {
    int steps = 10_000;
    var orders =
        IntStream.range(1, steps)
            .mapToObj(i -> "\\\"" + i + "\\\":[" + (i - 1) + "]")
            .collect(Collectors.joining(","));
    var body =
        "{\"gid\":\"g\",\"trans_type\":\"saga\",\"steps\":[%s],\"payloads\":[%s],\"custom_data\":\"{%s}\"}"
            .formatted(
                "{\"action\":\"\"}" + ",{\"action\":\"\"}".repeat(steps - 1),
                "\"\"" + ",\"\"".repeat(steps - 1),
                "\\\"concurrent\\\":true,\\\"orders\\\":{" + orders + "}");

    assertThat(((Saga) request(body).spec()).predecessors()).hasSize(steps - 1);
  }

  @Test
  void mapsEveryMemberOfAMessage() {
    var request =
        request(
            """
            {"gid":"m","trans_type":"msg","query_prepared":"http://shop/ask?x=1","concurrent":true,
             "steps":[{"action":"http://a/in"},{"action":"topic://orders"},{"action":""},
                      {"action":"bank:9090/bank.Service/In","compensate":"ignored"}],
             "payloads":["1","2","3","4"],"custom_data":"{\\"delay\\":10,\\"x\\":[1]}"}
            """);

    assertThat(request.spec()).isEqualTo(new Message(Duration.ofSeconds(10)));
    assertThat(request.checkBackUrl()).isEqualTo("http://shop/ask?x=1");
    assertThat(request.options().concurrent()).isTrue();
    assertThat(request.steps())
        .containsExactly(
            new Step("http://a/in", "", Payload.ofText("1")),
            new Step("topic://orders", "", Payload.ofText("2")),
            new Step("", "", Payload.ofText("3")),
            new Step("bank:9090/bank.Service/In", "", Payload.ofText("4")));
  }

  @Test
  void takesNoDelayInEveryForm() {
    for (var data : List.of("", "null", "{}", "{\\\"delay\\\":null}", "{\\\"delay\\\":0}")) {
      var request =
          request("{\"gid\":\"m\",\"trans_type\":\"msg\",\"custom_data\":\"%s\"}".formatted(data));

      assertThat(request.spec()).as(data).isEqualTo(new Message(Duration.ZERO));
    }
  }

  @Test
  void takesNothingButGidAndOptionsForTransactionsWhoseBranchesAreRegistered() {
    var body =
        """
        {"gid":"t","trans_type":"%s","steps":[{"x":"y"}],"payloads":["a","b"],
         "query_prepared":"nonsense","custom_data":"nonsense","timeout_to_fail":60}
        """;

    var tcc = request(body.formatted("tcc"));
    var xa = request(body.formatted("xa"));

    assertThat(tcc.spec()).isEqualTo(new Tcc());
    assertThat(xa.spec()).isEqualTo(new Xa());
    for (var request : List.of(tcc, xa)) {
      assertThat(request.steps()).isEmpty();
      assertThat(request.checkBackUrl()).isEmpty();
      assertThat(request.customData()).isEqualTo("nonsense");
      assertThat(request.options().timeoutToFail()).isEqualTo(Duration.ofSeconds(60));
    }
  }

  @Test
  void mapsEveryMemberOfAWorkflow() {
    var request =
        request(
            """
            {"gid":"w","trans_type":"workflow","protocol":"grpc","concurrent":false,
             "query_prepared":"app:58081/workflow.Workflow/Execute",
             "custom_data":"{\\"data\\":\\"AP8=\\",\\"name\\":\\"transfer money\\"}"}
            """);

    assertThat(request.spec())
        .isEqualTo(new Workflow("transfer money", Payload.of(new byte[] {0, -1})));
    assertThat(request.protocol()).isEqualTo(BranchProtocol.GRPC);
    assertThat(request.checkBackUrl()).isEqualTo("app:58081/workflow.Workflow/Execute");
  }

  @Test
  void takesAWorkflowWithoutData() {
    for (var data : List.of("", ",\\\"data\\\":null", ",\\\"data\\\":\\\"\\\"")) {
      var request =
          request(
              "{\"gid\":\"w\",\"trans_type\":\"workflow\",\"custom_data\":\"{\\\"name\\\":\\\"n\\\"%s}\"}"
                  .formatted(data));

      assertThat(request.spec()).as(data).isEqualTo(new Workflow("n", Payload.empty()));
    }
  }

  @Test
  void addsTheTraceToTheBranchHeaders() {
    var trace = new TraceContext("00-p", "s=1");

    var request =
        request("{\"gid\":\"t\",\"trans_type\":\"tcc\",\"branch_headers\":{\"X\":\"y\"}}", trace);

    assertThat(request.options().branchHeaders())
        .isEqualTo(Map.of("X", "y", "traceparent", "00-p", "tracestate", "s=1"));
  }

  private TransactionRequest request(String json) {
    return request(json, TraceContext.none());
  }

  private TransactionRequest request(String json, TraceContext trace) {
    return mapper.toRequest(reader.read(json.getBytes(StandardCharsets.UTF_8)), trace);
  }
}
