package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TCC and XA: the client calls the first phase, the server the second. */
@ExtendWith(ServerUnderTest.class)
class ConformanceTwoPhaseIT {
  private final Bench bench;
  private final Participant participant;
  private final String gid = Bench.gid();

  ConformanceTwoPhaseIT(Bench bench) {
    this.bench = bench;
    this.participant = bench.participant();
  }

  /**
   * TestTccNormal, TestTccCompatible, TestTccJrpcNormal, TestTccGrpcNormal, TestXaNormal,
   * TestXaGrpcNormal.
   */
  @ParameterizedTest
  @CsvSource({"tcc,HTTP", "tcc,JSON_RPC", "tcc,GRPC", "xa,HTTP", "xa,JSON_RPC", "xa,GRPC"})
  void completesEveryBranchOnceSubmitted(String type, Wire wire) {
    prepareTwo(type, wire);

    assertThat(bench.send(wire, "submit", Request.of(gid, type)).succeeded()).isTrue();

    var found = bench.awaitStatus(gid, "succeed");
    if (type.equals("tcc")) {
      assertThat(found.rows())
          .containsExactly(
              "01 cancel prepared",
              "01 confirm succeed",
              "02 cancel prepared",
              "02 confirm succeed");
      assertThat(participant.names(gid)).containsExactly("02 confirm", "01 confirm");
    } else {
      assertThat(found.rows())
          .containsExactly(
              "01 rollback prepared",
              "01 commit succeed",
              "02 rollback prepared",
              "02 commit succeed");
      assertThat(participant.names(gid)).containsExactly("01 commit", "02 commit");
    }
    assertThat(participant.calls(gid)).allMatch(call -> call.type().equals(type));
  }

  /** TestTccRollback, TestTccGrpcRollback, TestXaRollback, TestXaGrpcRollback, TestXaLocalError. */
  @ParameterizedTest
  @CsvSource({"tcc,HTTP", "tcc,GRPC", "xa,HTTP", "xa,GRPC"})
  void undoesEveryBranchOnceAbortedAndRepeatsWhatIsOngoing(String type, Wire wire) {
    boolean tcc = type.equals("tcc");
    var first = tcc ? "02 cancel" : "01 rollback";
    var second = tcc ? "01 cancel" : "02 rollback";
    participant.plan(gid, first, Answer.ONGOING);
    prepareTwo(type, wire);

    bench.send(wire, "abort", Request.of(gid, type).with("rollback_reason", "try said FAILURE"));
    bench.awaitCalls(gid, 1);
    assertThat(bench.query(gid).status()).isEqualTo("aborting");

    var found = bench.driveTo(gid, "failed");
    assertThat(found.reason()).isEqualTo("try said FAILURE");
    assertThat(participant.names(gid)).containsExactly(first, first, second);
  }

  /** TestTccTimeout, TestXaTimeout. */
  @ParameterizedTest
  @CsvSource({"tcc,HTTP", "tcc,GRPC", "xa,HTTP", "xa,GRPC"})
  void isAbortedOnceItsTimeIsUp(String type, Wire wire) {
    var request = Request.of(gid, type).with("timeout_to_fail", 1).with("retry_interval", 1);
    bench.send(wire, "prepare", request);
    register(type, wire, "01");

    var found = bench.awaitStatus(gid, "failed");

    assertThat(found.reason()).isEqualTo("Timeout after 1 seconds");
    assertThat(participant.names(gid)).hasSize(1);
    assertThat(register(type, wire, "02").code()).isEqualTo(409);
    assertThat(bench.send(wire, "submit", request).code()).isEqualTo(409);
  }

  /** TestXaNotTimeout, and the same for TCC. */
  @ParameterizedTest
  @CsvSource({"tcc,HTTP,02 confirm", "xa,HTTP,01 commit", "xa,GRPC,01 commit"})
  void isLeftAloneBeforeItsTimeIsUp(String type, Wire wire, String first) {
    participant.plan(gid, first, Answer.ONGOING);
    prepareTwo(type, wire);
    bench.retryNow(gid);
    Await.stays(Duration.ofMillis(300), () -> bench.query(gid).status(), "prepared"::equals);

    bench.send(wire, "submit", Request.of(gid, type));
    bench.awaitCalls(gid, 1);

    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid)).hasSize(3);
  }

  /** TestTccNested, TestTccGrpcNested: what a branch registers under its own id. */
  @ParameterizedTest
  @CsvSource({"HTTP", "GRPC"})
  void completesNestedBranches(Wire wire) {
    bench.send(wire, "prepare", Request.of(gid, "tcc"));
    for (var branch : List.of("01", "02", "0201")) {
      assertThat(register("tcc", wire, branch).succeeded()).isTrue();
    }

    bench.send(wire, "submit", Request.of(gid, "tcc"));

    assertThat(bench.awaitStatus(gid, "succeed").rows())
        .hasSize(6)
        .contains("0201 confirm succeed", "0201 cancel prepared");
    assertThat(participant.names(gid)).containsExactly("0201 confirm", "02 confirm", "01 confirm");
  }

  /** TestTccHeaders, TestTccGrpcHeaders: the server's own calls carry them as well. */
  @ParameterizedTest
  @CsvSource({"tcc,HTTP", "tcc,GRPC", "xa,HTTP", "xa,GRPC"})
  void sendsBranchHeaders(String type, Wire wire) {
    var request = Request.of(gid, type).with("branch_headers", Map.of("test_header", "yes"));
    bench.send(wire, "prepare", request);
    register(type, wire, "01");

    bench.send(wire, "submit", request);

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.calls(gid))
        .hasSize(1)
        .allMatch(call -> "yes".equals(call.headers().get("test_header")));
  }

  /**
   * TestXaDuplicate's and TestTccOldNormal's server side: a refusal is none here, so the call is
   * repeated.
   */
  @ParameterizedTest
  @CsvSource({
    "tcc,HTTP,01 confirm",
    "tcc,GRPC,01 confirm",
    "xa,HTTP,01 commit",
    "xa,GRPC,01 commit"
  })
  void repeatsTheSecondPhaseUntilItSucceeds(String type, Wire wire, String call) {
    participant.plan(gid, call, Answer.ERROR, Answer.FAILURE);
    bench.send(wire, "prepare", Request.of(gid, type).with("retry_interval", 1));
    register(type, wire, "01");

    bench.send(wire, "submit", Request.of(gid, type).with("retry_interval", 1));

    bench.driveTo(gid, "succeed");
    assertThat(participant.names(gid)).containsExactly(call, call, call);
  }

  /** TestTccNormal: what was given for the second phase arrives with it; XA posts nothing. */
  @ParameterizedTest
  @CsvSource({"tcc,HTTP", "tcc,GRPC", "xa,HTTP"})
  void handsTheRegisteredPayloadOn(String type, Wire wire) {
    prepareTwo(type, wire);

    bench.send(wire, "submit", Request.of(gid, type));

    bench.awaitStatus(gid, "succeed");
    assertThat(participant.calls(gid))
        .extracting(Call::body)
        .containsOnly(type.equals("tcc") ? Request.PAYLOAD : "");
    if (wire == Wire.HTTP) {
      assertThat(participant.calls(gid)).extracting(Call::verb).containsOnly("POST");
    }
  }

  private void prepareTwo(String type, Wire wire) {
    assertThat(bench.send(wire, "prepare", Request.of(gid, type)).succeeded()).isTrue();
    assertThat(register(type, wire, "01").succeeded()).isTrue();
    assertThat(register(type, wire, "02").succeeded()).isTrue();
  }

  /** Participants are called over HTTP also when the client spoke JSON-RPC. */
  private Reply register(String type, Wire wire, String branch) {
    var called = wire == Wire.GRPC ? Wire.GRPC : Wire.HTTP;
    return bench.register(
        wire,
        gid,
        type,
        branch,
        type.equals("tcc")
            ? Map.of(
                "confirm", participant.at(called, "confirm"),
                "cancel", participant.at(called, "cancel"),
                "data", Request.PAYLOAD)
            : Map.of("url", participant.at(called, "xa")));
  }
}
