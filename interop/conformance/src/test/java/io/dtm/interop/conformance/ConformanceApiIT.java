package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked about transactions, and what operators do to them. */
@ExtendWith(ServerUnderTest.class)
@Execution(ExecutionMode.SAME_THREAD) // it looks at what all have left there
class ConformanceApiIT {
  private final Bench bench;
  private final Participant participant;
  private final String gid = Bench.gid();

  ConformanceApiIT(Bench bench) {
    this.bench = bench;
    this.participant = bench.participant();
  }

  /** TestAPIVersion. */
  @Test
  void tellsItsVersion() {
    var reply = bench.get("/api/dtmsvr/version");

    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.body().path("version").asText()).isNotEmpty();
  }

  /** TestRecoverPanic: ping. */
  @Test
  void answersToPing() {
    assertThat(bench.get("/api/ping").body().path("msg").asText()).isEqualTo("pong");
  }

  /** TestMustGenGid, TestMsgJprcAbnormal2. */
  @Test
  void makesGidsOnEveryWire() {
    var gids =
        List.of(
            bench.get("/api/dtmsvr/newGid").body().path("gid").asText(),
            bench.jsonRpc("newGid", Map.of()).body().path("result").path("gid").asText(),
            bench.grpc().newGid(Empty.getDefaultInstance()).getGid());

    assertThat(gids).doesNotHaveDuplicates().allMatch(made -> made.length() >= 16);
  }

  /** TestAPIQuery. */
  @Test
  void showsATransactionAndItsBranches() {
    bench.send(Wire.HTTP, "submit", message());

    var found = bench.awaitStatus(gid, "succeed");
    assertThat(found.rows()).containsExactly("01 action succeed", "02 action succeed");
    assertThat(found.transaction().path("trans_type").asText()).isEqualTo("msg");
    assertThat(found.branches().get(0).path("url").asText())
        .isEqualTo(participant.at(Wire.HTTP, "one"));
  }

  /** TestAPIQuery: the gid that nobody used, and none. */
  @Test
  void showsNothingForAGidThatNobodyUsed() {
    var unknown = bench.get("/api/dtmsvr/query?gid=" + gid);

    assertThat(unknown.code()).isEqualTo(200);
    assertThat(unknown.body().path("transaction").isNull()).isTrue();
    assertThat(unknown.body().path("branches").isEmpty()).isTrue();
    assertThat(bench.get("/api/dtmsvr/query?gid=").code()).isGreaterThanOrEqualTo(400);
  }

  /** TestAPIAll: one by its gid. */
  @Test
  void listsOneTransactionByItsGid() {
    bench.send(Wire.HTTP, "prepare", message());

    assertThat(listed("gid=" + gid)).containsExactly(gid);
    assertThat(listed("gid=none-" + gid)).isEmpty();
  }

  /** TestAPIAll: filters. */
  @ParameterizedTest
  @CsvSource({
    "status=failed&transType=msg, true",
    "status=prepared, false",
    "status=failed&transType=tcc, false",
    "createTimeStart=1000&createTimeEnd=2000, false"
  })
  void listsOnlyWhatTheFiltersAllow(String filters, boolean expected) {
    bench.send(Wire.HTTP, "prepare", message());
    bench.command("forceStop", gid);

    assertThat(listed(filters).contains(gid)).isEqualTo(expected);
  }

  /** TestAPIAll: a page ends where the next begins, and the last one says so. */
  @Test
  void listsPageByPage() {
    for (int i = 0; i < 3; i++) {
      bench.send(Wire.HTTP, "prepare", Request.of(gid + i, "tcc"));
    }

    var first = bench.get("/api/dtmsvr/all?limit=2").body();
    assertThat(first.path("transactions").size()).isEqualTo(2);
    assertThat(first.path("next_position").asText()).isNotEmpty();
    assertThat(listed("transType=tcc")).doesNotHaveDuplicates().contains(gid + 0, gid + 1, gid + 2);
    for (int i = 0; i < 3; i++) {
      bench.command("forceStop", gid + i);
    }
  }

  /** TestAPIQueryKV. */
  @Test
  void showsAnEntryByItsKey() {
    bench.topic(Wire.HTTP, "subscribe", gid, "http://one/a");

    var entries = bench.get("/api/dtmsvr/queryKV?cat=topics&key=" + gid).body().path("kv");

    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).path("k").asText()).isEqualTo(gid);
    assertThat(entries.get(0).path("v").asText()).contains("http://one/a");
    assertThat(bench.get("/api/dtmsvr/queryKV?cat=topics&key=none-" + gid).body().path("kv"))
        .isEmpty();
  }

  /** TestAPIScanKV. */
  @Test
  void scansEntriesPageByPage() {
    var names = List.of(gid + "-a", gid + "-b", gid + "-c");
    names.forEach(name -> bench.topic(Wire.HTTP, "subscribe", name, "http://one/a"));

    var seen = new ArrayList<String>();
    var position = "";
    do {
      var page =
          bench
              .get("/api/dtmsvr/scanKV?cat=topics&limit=2&position=" + Bench.encoded(position))
              .body();
      seen.addAll(page.path("kv").findValuesAsText("k"));
      position = page.path("next_position").asText();
    } while (!position.isEmpty());

    assertThat(seen).doesNotHaveDuplicates().containsAll(names);
  }

  /** TestAPIResetCronTime. */
  @Test
  void bringsForwardWhatWasPutOffForLong() {
    participant.plan(gid, "01 action", Answer.ONGOING);
    bench.send(Wire.HTTP, "submit", message().with("retry_interval", 100_000));
    bench.awaitCalls(gid, 1);

    var untouched = bench.get("/api/dtmsvr/resetCronTime?timeout=200000&limit=100").body();
    assertThat(untouched.path("succeed_count").asInt()).isZero();
    assertThat(untouched.path("has_remaining").asBoolean()).isFalse();
    // The try that is under way may put the next one off only afterwards.
    Await.until(
        () ->
            bench
                .get("/api/dtmsvr/resetCronTime?timeout=50000&limit=100")
                .body()
                .path("succeed_count")
                .asInt(),
        count -> count >= 1);

    bench.awaitStatus(gid, "succeed");
  }

  /** TestAPIForceStoppedNormal, TestAPIForceStoppedAbnormal. */
  @Test
  void stopsByForceOnlyWhatIsNotFinished() {
    participant.plan(gid, "01 action", Answer.ONGOING);
    bench.send(Wire.HTTP, "submit", saga());
    bench.awaitCalls(gid, 1);

    assertThat(bench.command("forceStop", gid).succeeded()).isTrue();

    assertThat(bench.query(gid).status()).isEqualTo("failed");
    assertThat(bench.command("forceStop", gid).code()).isEqualTo(409);
    assertThat(participant.names(gid)).containsExactly("01 action");
  }

  /** TestAPIResetNextCronTime: of a finished transaction, too. */
  @Test
  void resetsTheNextTryOfAFinishedTransactionWithoutHarm() {
    bench.send(Wire.HTTP, "submit", saga());
    bench.awaitStatus(gid, "succeed");

    assertThat(bench.command("resetNextCronTime", gid).succeeded()).isTrue();

    assertThat(bench.query(gid).status()).isEqualTo("succeed");
    assertThat(participant.names(gid)).containsExactly("01 action");
  }

  /** TestGrpcPanic. */
  @Test
  void survivesASubmitOverGrpcWithoutAType() {
    assertThat(bench.send(Wire.GRPC, "submit", Request.of(gid, "")).succeeded()).isFalse();

    assertThat(bench.grpc().newGid(Empty.getDefaultInstance()).getGid()).isNotEmpty();
  }

  /** TestMsgJprcAbnormal. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"jsonrpc\":                                                         | -32700",
        "{\"jsonrpc\":\"1.0\",\"id\":\"1\",\"method\":\"newGid\",\"params\":{}} | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":\"\",\"method\":\"newGid\",\"params\":{}}  | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"none\",\"params\":{}}   | -32601"
      })
  void tellsByItsCodeWhatIsWrongWithAJsonRpcRequest(String body, int code) {
    assertThat(bench.post("/api/json-rpc", body).body().path("error").path("code").asInt())
        .isEqualTo(code);
  }

  /** TestMsgJprcAbnormal: what is wrong with the transaction. */
  @Test
  void tellsAJsonRpcClientThatItsTransactionIsMalformed() {
    var reply = bench.jsonRpc("submit", Map.of("gid", gid, "trans_type", "none"));

    assertThat(reply.body().path("error").path("code").asInt()).isIn(-32603, -32602);
  }

  /** TestGin, TestRecoverPanic: the members of every answer. */
  @ParameterizedTest
  @ValueSource(strings = {"prepare", "submit"})
  void tellsSuccessByTheMemberDtmResult(String command) {
    var reply = bench.send(Wire.HTTP, command, saga());

    assertThat(reply.body().path("dtm_result").asText()).isEqualTo("SUCCESS");
  }

  private List<String> listed(String parameters) {
    var gids = new ArrayList<String>();
    var position = "";
    do {
      var page =
          bench
              .get("/api/dtmsvr/all?%s&position=%s".formatted(parameters, Bench.encoded(position)))
              .body();
      page.path("transactions").forEach(each -> gids.add(each.path("gid").asText()));
      position = page.path("next_position").asText();
    } while (!position.isEmpty());
    return gids;
  }

  private Request message() {
    return Request.of(gid, "msg")
        .with("query_prepared", participant.at(Wire.HTTP, "asked"))
        .step(participant.at(Wire.HTTP, "one"))
        .step(participant.at(Wire.HTTP, "two"));
  }

  private Request saga() {
    return Request.of(gid, "saga").step(participant.at(Wire.HTTP, "do"), "");
  }
}
