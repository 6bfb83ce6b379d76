package io.dtm.server.api.grpc;

import static io.dtm.server.api.grpc.RunningEdge.branch;
import static io.dtm.server.api.grpc.RunningEdge.builder;
import static io.dtm.server.api.grpc.RunningEdge.request;
import static io.dtm.server.api.grpc.RunningEdge.saga;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every complaint names the field, what it was and what it should be; nothing is stored. */
@Timeout(60)
class BadInputTest {
  private static final String ADDRESS =
      " (expected: host:port/package.Service/Method, or an address with http:// or https:// and a"
          + " host, or an empty text when there is nothing to call)";
  private static final String COUNT = " (expected: a whole number from 0 to 2147483647)";
  private static final RunningEdge EDGE = new RunningEdge();

  @AfterAll
  static void close() {
    EDGE.close();
  }

  @Test
  void aGidIsNeeded() {
    var expected = "Gid: missing (expected: 1 to 128 characters, no control character among them)";
    assertInvalid(EDGE.prepare(request("", "tcc")), expected);
    assertInvalid(EDGE.submit(request("", "tcc")), expected);
    assertInvalid(EDGE.abort(request("", "tcc")), expected);
    assertInvalid(EDGE.register(branch("", "tcc", Map.of()).build()), expected);
    assertInvalid(
        EDGE.prepareWorkflow(workflow("{\"name\":\"n\"}").toBuilder().clearGid().build()),
        expected);
    assertInvalid(EDGE.submit(request("", "workflow")), expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\u0000", "\u0085"})
  void aGidHasNoControlCharacters(String gid) {
    assertInvalid(
        EDGE.submit(request(gid, "tcc")),
        "Gid: %s (expected: 1 to 128 characters, no control character among them)"
            .formatted(gid.replaceAll("\\p{Cntrl}|\u0085", "\uFFFD")));
  }

  @Test
  void aGidDoesNotEndWithASpace() {
    assertInvalid(EDGE.submit(request("a ", "tcc")), "Gid: a  (expected: no space at the end)");
  }

  @Test
  void aGidIsNotTooLong() {
    assertInvalid(
        EDGE.submit(request("x".repeat(129), "tcc")),
        "Gid: "
            + "x".repeat(80)
            + "… (129 characters) (expected: 1 to 128 characters, no control character among them)");
  }

  @ParameterizedTest
  @CsvSource({"'',missing", "Saga,Saga", "message,message"})
  void aTypeIsNeeded(String word, String shown) {
    var expected = "TransType: " + shown + " (expected: one of saga, tcc, xa, msg, workflow)";
    assertInvalid(EDGE.prepare(request("bad", word)), expected);
    assertInvalid(EDGE.submit(request("bad", word)), expected);
    assertInvalid(EDGE.abort(request("bad", word)), expected);
    assertInvalid(EDGE.prepareWorkflow(request("bad", word)), expected);
    assertInvalid(EDGE.register(branch("bad", word, Map.of()).build()), expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | Steps: an object (expected: a list of objects)",
        "\"x\" | Steps: \"x\" (expected: a list of objects)",
        "[1] | Steps[0]: 1 (expected: an object)",
        "[{\"action\":1}] | Steps[0].action: 1 (expected: a string)",
        "[{\"action\":\"\",\"compensate\":[]}] | Steps[0].compensate: a list (expected: a string)",
        "[{\"compensate\":\"\"}] | Steps[0].action: missing (expected: an address, which may be empty)"
      })
  void stepsAreAListOfObjectsOfStrings(String steps, String expected) {
    assertInvalid(
        EDGE.submit(
            builder("bad", "saga").setSteps(steps).addBinPayloads(ByteString.EMPTY).build()),
        expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "[{\"action\":\"\"}", "[] []", "{]", "[{'action':''}]", "\u0001", "[NaN]"})
  void stepsAreWellFormed(String steps) {
    var status = EDGE.submit(builder("bad", "saga").setSteps(steps).build());

    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .startsWith("Steps: ")
        .contains("expected: well-formed JSON");
  }

  @Test
  void stepsAreNotNestedDeeply() {
    var status = EDGE.submit(builder("bad", "saga").setSteps("[".repeat(100_000)).build());

    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).startsWith("Steps: ").contains("nesting depth");
  }

  @Test
  void stepsAreNotTooMany() {
    assertInvalid(
        EDGE.submit(builder("bad", "saga").setSteps("[" + "{},".repeat(100) + "{}]").build()),
        "Steps: 101 steps (expected: at most 100)");
  }

  @Test
  void everyStepHasAPayload() {
    assertInvalid(
        EDGE.submit(saga("bad").clearBinPayloads().addBinPayloads(ByteString.EMPTY).build()),
        "BinPayloads: 1 given (expected: one for each of the 2 steps)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nowhere",
        "shop/s/m",
        "shop:1",
        "shop:1/",
        "shop:99999/s/m",
        ":1/s/m",
        "etcd://shop/s/m",
        "http://",
        "http:///x",
        "http://h:99999/",
        "http://h:x/",
        "ftp://h/",
        "topic://orders",
        "sh op:1/s/m",
        "shop:1/s/ü"
      })
  void anAddressCanBeCalled(String url) {
    assertInvalid(
        EDGE.submit(
            builder("bad", "saga")
                .setSteps("[{\"action\":\"" + url + "\"}]")
                .addBinPayloads(ByteString.EMPTY)
                .build()),
        "Steps[0].action: " + url + ADDRESS);
    assertInvalid(
        EDGE.submit(
            builder("bad", "saga")
                .setSteps("[{\"action\":\"\",\"compensate\":\"" + url + "\"}]")
                .addBinPayloads(ByteString.EMPTY)
                .build()),
        "Steps[0].compensate: " + url + ADDRESS);
    assertInvalid(
        EDGE.prepare(builder("bad", "msg").setQueryPrepared(url).build()),
        "QueryPrepared: " + url + ADDRESS);
    assertInvalid(
        EDGE.register(branch("bad", "tcc", Map.of("cancel", url)).build()),
        "Data.cancel: " + url + ADDRESS);
    assertInvalid(
        EDGE.register(branch("bad", "xa", Map.of("url", url)).build()),
        "Data.url: " + url + ADDRESS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop:1/s/m",
        "my_shop:50051/a.b.C/D",
        "10.0.0.1:1/s/m",
        "[::1]:80/s/m",
        "http://h",
        "HTTPS://h:443/x?y=z#f",
        "http://my_host:8080/x",
        "http://u:p@h/x",
        "http://[::1]:80/",
        "http://h/{id} /ü",
        ""
      })
  void anAddressThatCanBeCalledIsTaken(String url) {
    var gid = "good " + url + ".";

    assertThat(
            EDGE.prepare(
                builder(gid, "saga")
                    .setSteps("[{\"action\":\"" + url + "\"}]")
                    .addBinPayloads(ByteString.EMPTY)
                    .build()))
        .isEqualTo(Status.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[1] | CustomData: a list (expected: an object)",
        "{\"concurrent\":1} | CustomData.concurrent: 1 (expected: true or false)",
        "{\"orders\":1} | CustomData.orders: 1 (expected: an object)",
        "{\"orders\":{\"x\":[]}} | CustomData.orders: \"x\" (expected: indexes of steps as keys)",
        "{\"orders\":{\"1\":0}} | CustomData.orders.1: 0 (expected: a list of indexes of steps)",
        "{\"orders\":{\"1\":[-1]}} | CustomData.orders.1[0]: -1"
            + " (expected: a whole number from 0 to 2147483647)",
        "{\"orders\":{\"1\":[0.5]}} | CustomData.orders.1[0]: 0.5"
            + " (expected: a whole number from 0 to 2147483647)",
        "{\"orders\":{\"2\":[0]}} | CustomData.orders: step 2 (expected: 0 to 1)",
        "{\"orders\":{\"1\":[2]}} | CustomData.orders: step 2 (expected: 0 to 1)",
        "{\"orders\":{\"0\":[1]}} | CustomData.orders: step 0 waits for step 1"
            + " (expected: an earlier step, unless concurrent is true)",
        "{\"orders\":{\"0\":[1],\"1\":[0]},\"concurrent\":true}"
            + " | CustomData.orders: cycle 0 after 1 after 0 (expected: orders without a cycle)"
      })
  void aSagasOrdersCanBeKept(String customData, String expected) {
    assertInvalid(EDGE.submit(saga("bad").setCustomData(customData).build()), expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        " ",
        "{\"orders\":null,\"concurrent\":null}",
        "{\"orders\":[]}",
        "{\"orders\":[[],[0]]}",
        "{\"Orders\":{\"1\":[\"0\"]},\"CONCURRENT\":true}",
        "{\"orders\":{\"1\":[0.0]}}",
        "{\"x\":{\"y\":[1,2]},\"orders\":{\"1\":null}}"
      })
  void whatClientsSendForASagasOrdersIsTaken(String customData) {
    var gid = "orders " + customData + ".";

    assertThat(EDGE.prepare(saga(gid).setCustomData(customData).build())).isEqualTo(Status.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"delay\":-1} | -1",
        "{\"delay\":\"x\"} | \"x\"",
        "{\"delay\":1e30} | 1.0E30",
        "{\"delay\":2147483648} | 2147483648",
        "{\"delay\":true} | true",
        "{\"delay\":{}} | an object"
      })
  void aMessagesDelayIsANumberOfSeconds(String customData, String shown) {
    assertInvalid(
        EDGE.submit(builder("bad", "msg").setCustomData(customData).build()),
        "CustomData.delay: " + shown + COUNT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~ | CustomData.name: missing (expected: the workflow's name)",
        "{} | CustomData.name: missing (expected: the workflow's name)",
        "{\"name\":null} | CustomData.name: missing (expected: the workflow's name)",
        "{\"name\":1} | CustomData.name: 1 (expected: a string)",
        "{\"name\":\"n\",\"data\":\"#\"} | CustomData.data: # (expected: base64)",
        "{\"name\":\"n\",\"data\":[]} | CustomData.data: a list (expected: a string)"
      })
  void aWorkflowNeedsANameAndBase64(String customData, String expected) {
    assertInvalid(EDGE.prepareWorkflow(workflow(customData)), expected);
  }

  @Test
  void aWorkflowMayHaveNoData() {
    var request = workflow("{\"name\":\"n\",\"data\":null}").toBuilder().setGid("no data").build();

    assertThat(EDGE.prepareWorkflow(request)).isEqualTo(Status.OK);
  }

  @Test
  void optionsAreNumbersFromZero() {
    assertInvalid(
        submitWith(DtmTransOptions.newBuilder().setTimeoutToFail(-1)),
        "TransOptions.TimeoutToFail: -1" + COUNT);
    assertInvalid(
        submitWith(DtmTransOptions.newBuilder().setRetryInterval(Long.MIN_VALUE)),
        "TransOptions.RetryInterval: -9223372036854775808" + COUNT);
    assertInvalid(
        submitWith(DtmTransOptions.newBuilder().setRequestTimeout(1L << 31)),
        "TransOptions.RequestTimeout: 2147483648" + COUNT);
    assertInvalid(
        submitWith(DtmTransOptions.newBuilder().setRetryLimit(-2)),
        "TransOptions.RetryLimit: -2" + COUNT);
  }

  @Test
  void headersAreHeaders() {
    assertInvalid(
        submitWith(DtmTransOptions.newBuilder().putBranchHeaders("a b", "c")),
        "TransOptions.BranchHeaders: \"a b\" (expected: a name of a header)");
    assertInvalid(
        submitWith(DtmTransOptions.newBuilder().putBranchHeaders("a", "b\r\nc: d")),
        "TransOptions.BranchHeaders.a: b\uFFFD\uFFFDc: d"
            + " (expected: a text without control characters)");
  }

  @Test
  void onlySomeTypesHaveBranchesToRegister() {
    for (var type : new String[] {"saga", "msg"}) {
      assertInvalid(
          EDGE.register(branch("bad", type, Map.of()).build()),
          "TransType: " + type + " (expected: one of tcc, xa, workflow)");
    }
  }

  @Test
  void aBranchNeedsAnId() {
    assertInvalid(
        EDGE.register(branch("bad", "tcc", Map.of()).setBranchID("").build()),
        "BranchID: missing (expected: the branch's id)");
    assertInvalid(
        EDGE.register(branch("bad", "tcc", Map.of()).setBranchID("a\tb").build()),
        "BranchID: a\uFFFDb (expected: at most 128 characters, no control character among them)");
  }

  @Test
  void anXaBranchNeedsAnAddress() {
    assertInvalid(
        EDGE.register(branch("bad", "xa", Map.of()).build()),
        "Data.url: missing (expected: where the branch is committed)");
  }

  @Test
  void aWorkflowsStepNeedsItsOperationAndItsEnd() {
    assertInvalid(
        EDGE.register(step(Map.of("status", "succeed"))),
        "Data.op: missing (expected: what the step did, such as action)");
    assertInvalid(
        EDGE.register(step(Map.of("op", "action"))),
        "Data.status: missing (expected: succeed or failed)");
    assertInvalid(
        EDGE.register(step(Map.of("op", "action", "status", "prepared"))),
        "Data.status: prepared (expected: succeed or failed)");
  }

  private static Status submitWith(DtmTransOptions.Builder options) {
    return EDGE.submit(saga("bad").setTransOptions(options).build());
  }

  private static DtmRequest workflow(String customData) {
    return builder("bad", "workflow").setCustomData(customData).build();
  }

  private static DtmBranchRequest step(Map<String, String> data) {
    return branch("bad", "workflow", data).build();
  }

  private static void assertInvalid(Status status, String text) {
    assertThat(status.getDescription()).isEqualTo(text);
    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(EDGE.isStored("bad")).isFalse();
  }
}
