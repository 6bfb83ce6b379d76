package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.PATIENCE;
import static io.dtm.server.branch.Calls.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.branch.RawPeer.Behaviour;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Ongoing;
import io.dtm.server.core.BranchResult.Refused;
import io.dtm.server.core.BranchResult.Succeeded;
import io.dtm.server.core.BranchResult.Unclear;
import io.dtm.server.core.TransactionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JsonRpcBranchCallerTest {
  private static final String RPC = "/rpc?shop=7&method=bank.debit";

  private final BoundedHttpClient client =
      new BoundedHttpClient("dtm-java/1.2.3", ProxyRules.none());
  private final JsonRpcBranchCaller caller = new JsonRpcBranchCaller(client, new Random(1));
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(client));

  @AfterEach
  void closeEverything() throws Exception {
    for (var closeable : opened) {
      closeable.close();
    }
  }

  @Test
  void postsThePayloadAsParametersWithWhoCallsInThem() throws Exception {
    var peer = peer(answering(200, "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":null}"));

    var result =
        call(
            aCall(
                peer.url(RPC + "#x"),
                "{ \"amount\": 12345678901234567890.10, \"op\": {\"mine\": 1}, \"to\": [\"ü\"] }",
                TransactionMode.TCC,
                Map.of("X-Tenant", "t1", "Content-Length", "3"),
                PATIENCE));

    assertThat(result).isEqualTo(new Succeeded());
    assertThat(peer.requests())
        .singleElement()
        .asString()
        .startsWith("POST /rpc?shop=7&method=bank.debit HTTP/1.1\r\n")
        .contains("Content-Type: application/json", "X-Tenant: t1")
        .containsPattern(
            "\r\n\r\n\\{\"id\":\"[0-9a-f-]{36}\",\"jsonrpc\":\"2.0\",\"method\":\"bank.debit\","
                + "\"params\":\\{\"amount\":12345678901234567890.10,\"to\":\\[\"[^\"]+\"],"
                + "\"branch_id\":\"01\",\"gid\":\"gid-1\",\"op\":\"action\","
                + "\"trans_type\":\"tcc\"}}$");
  }

  @Test
  void givesEveryCallAnIdOfItsOwn() throws Exception {
    var peer = peer(answering(200, "{}"));

    call(aCall(peer.url(RPC)));
    call(aCall(peer.url(RPC)));

    assertThat(peer.requests())
        .extracting(request -> request.replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1"))
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'result':null,'error':null}",
        "{'result':{'error':{'code':-32901}},'id':'1'}",
        "{'dtm_result':'SUCCESS'}",
        "{}"
      })
  void takesAnAnswerWithoutErrorForSuccess(String answer) throws Exception {
    assertThat(resultOf(200, answer)).isEqualTo(new Succeeded());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'error':{'code':-32901,'message':'no money'},'id':'1','result':null}",
        "{'result':{},'error':{'message':'no money','data':{'code':1},'code':-32901.0}}"
      })
  void takesTheCodeOfARefusal(String answer) throws Exception { // D4
    assertThat(resultOf(200, answer)).isEqualTo(new Refused(answer.replace('\'', '"')));
  }

  @Test
  void takesTheCodeOfAnOngoingCall() throws Exception { // D4
    assertThat(resultOf(200, "{'error':{'code':-32902,'message':'wait'}}"))
        .isEqualTo(new Ongoing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {'error':{'code':-32603,'message':'oops'}} | JSON-RPC error: {",
        "200 | {'error':{'code':'-32901'}} | JSON-RPC error: {",
        "200 | {'error':'oops'} | JSON-RPC error: {",
        "200 | {'error':{}} | JSON-RPC error: {",
        "200 | fine | no JSON-RPC answer: fine",
        "200 | '' | no JSON-RPC answer: ",
        "200 | [] | no JSON-RPC answer: []",
        "200 | {'result': | no JSON-RPC answer: {",
        "500 | {'error':{'code':-32901}} | HTTP 500: {",
        "404 | not here | HTTP 404: not here"
      })
  void takesEverythingElseForUnclear(int status, String answer, String says) throws Exception {
    assertThat(resultOf(status, answer))
        .isInstanceOfSatisfying(
            Unclear.class, unclear -> assertThat(unclear.message()).startsWith(says));
  }

  @ParameterizedTest
  @CsvSource({"409, {}", "200, {'error':{'message':'FAILURE'}}", "500, FAILURE"})
  void hearsTheWordsAndStatusesOfHttpFirst(int status, String answer) throws Exception {
    assertThat(resultOf(status, answer)).isInstanceOf(Refused.class);
    assertThat(resultOf(status, answer + "ONGOING")).isEqualTo(new Ongoing());
    assertThat(resultOf(425, answer)).isEqualTo(new Ongoing());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "[{}]", "5", "\"text\"", "{\"a\":", "{} {}", "{]"})
  void callsNobodyWithAPayloadThatIsNoObject(String payload) throws Exception {
    var peer = peer(answering(200, "{}"));

    var result = call(aCall(peer.url(RPC), payload));

    assertThat(result)
        .isInstanceOfSatisfying(
            Unclear.class,
            unclear ->
                assertThat(unclear.message())
                    .startsWith("payload for json-rpc: ")
                    .endsWith(" (expected: a JSON object)"));
    assertThat(peer.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "bank:9090/bank.Service/method, expected: http:// or https://",
    "http://bank/methods, expected: a query parameter 'method'",
    "http://bank/rpc?methods=x, expected: a query parameter 'method'",
    "http://[bank/rpc?method=x, json-rpc: http://[bank"
  })
  void saysWhatIsWrongWithTheUrl(String url, String says) throws Exception {
    assertThat(call(aCall(url)))
        .isInstanceOfSatisfying(
            Unclear.class, unclear -> assertThat(unclear.message()).contains(says));
  }

  @Test
  void decodesTheMethod() throws Exception {
    var peer = peer(answering(200, "{}"));

    call(aCall(peer.url("/rpc?method=a%2Fb+c")));

    assertThat(peer.requests()).singleElement().asString().contains("\"method\":\"a/b c\"");
  }

  @Test
  void refusesHeadersThatWouldSmuggleAnotherRequest() throws Exception {
    var peer = peer(answering(200, "{}"));

    var result =
        call(aCall(peer.url(RPC), "{}", TransactionMode.SAGA, Map.of("X", "a\r\nY: b"), PATIENCE));

    assertThat(result).isInstanceOf(Unclear.class);
    assertThat(peer.requests()).isEmpty();
  }

  @Test
  void readsNoAnswerBeyondItsLimit() throws Exception {
    var endless = "{\"result\":\"" + "x".repeat(AnswerBody.BYTES_MAX) + "\"}";

    assertThat(resultOf(200, endless))
        .isInstanceOfSatisfying(
            Unclear.class,
            unclear ->
                assertThat(unclear.message())
                    .startsWith("no JSON-RPC answer in its first 1048576 bytes: {")
                    .hasSizeLessThan(2 * AnswerBody.MESSAGE_BYTES_MAX));
  }

  private BranchResult resultOf(int status, String answer) throws Exception {
    var peer = peer(answering(status, answer.replace('\'', '"')));
    return call(aCall(peer.url(RPC)));
  }

  private static Behaviour answering(int status, String body) {
    return connection -> {
      while (connection.readRequest()) {
        connection.answer(status, body);
      }
    };
  }

  private RawPeer peer(Behaviour behaviour) {
    var peer = new RawPeer(behaviour);
    opened.add(peer);
    return peer;
  }

  private BranchResult call(BranchCall call) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.submit(() -> caller.call(call)).get(60, TimeUnit.SECONDS);
    }
  }
}
