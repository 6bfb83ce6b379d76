package io.dtm.server.branch.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dtm.protocol.grpc.WorkflowData;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionMode;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GrpcBranchCallerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** They take a fraction of a millisecond each; the library's back-off takes a second. */
  private static final int CALLS_MAX = 1_000;

  private static final BranchResult SUCCEEDED = new BranchResult.Succeeded();
  private static final BranchResult ONGOING = new BranchResult.Ongoing();

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final RawParticipant participant = new RawParticipant();
  private final TrailerParticipant php = new TrailerParticipant();
  private final GrpcBranchCaller caller =
      new GrpcBranchCaller(GrpcBranchCallerConfig.defaults(), now::get);

  @AfterEach
  void close() {
    caller.close();
    participant.close();
    php.close();
  }

  @Test
  void sendsThePayloadByteForByteToTheMethodOfTheUrl() {
    var payload = new byte[] {0, (byte) 0xFF, 10, 13, 1, 2, 3};

    var result = caller.call(call(participant.url("busi.Busi/TransIn"), payload));

    assertThat(result).isEqualTo(SUCCEEDED);
    assertThat(participant.received).hasSize(1);
    assertThat(participant.received.getFirst().method()).isEqualTo("busi.Busi/TransIn");
    assertThat(participant.received.getFirst().message()).isEqualTo(payload);
  }

  @Test
  void tellsWhoCallsInTheMetadata() {
    caller.call(call(participant.url("busi.Busi/TransIn"), new byte[0]));

    var metadata = participant.received.getFirst().metadata();
    assertThat(text(metadata, "dtm-gid")).isEqualTo("g1");
    assertThat(text(metadata, "dtm-trans_type")).isEqualTo("saga");
    assertThat(text(metadata, "dtm-branch_id")).isEqualTo("01");
    assertThat(text(metadata, "dtm-op")).isEqualTo("action");
    assertThat(text(metadata, "dtm-dtm")).isEmpty();
    assertThat(text(metadata, "content-type")).isEqualTo("application/grpc");
  }

  @ParameterizedTest
  @CsvSource({"SAGA,saga", "TCC,tcc", "XA,xa", "MESSAGE,msg", "WORKFLOW,workflow"})
  void namesEachModeAsTheWireDoes(TransactionMode mode, String word) {
    caller.call(
        new BranchCall(
            new Gid("g1"),
            mode,
            "01",
            Operation.ACTION,
            BranchProtocol.GRPC,
            participant.url("s/m"),
            Payload.empty(),
            Map.of(),
            PATIENCE));

    assertThat(text(participant.received.getFirst().metadata(), "dtm-trans_type")).isEqualTo(word);
  }

  @Test
  void addsTheTransactionsHeadersInLowerCase() {
    caller.call(call(participant.url("s/m"), Map.of("X-Tenant", "blue", "trace-BIN", "é")));

    var metadata = participant.received.getFirst().metadata();
    assertThat(text(metadata, "x-tenant")).isEqualTo("blue");
    assertThat(metadata.get(Metadata.Key.of("trace-bin", Metadata.BINARY_BYTE_MARSHALLER)))
        .isEqualTo("é".getBytes(UTF_8));
  }

  @Test
  void leavesOutHeadersThatGrpcCannotSendOrThatAreItsOwn() {
    var headers = new LinkedHashMap<String, String>();
    for (var name :
        List.of(
            "",
            "-bin",
            " ",
            "a b",
            "ü",
            ":path",
            "a\nb",
            "a=b",
            "Connection",
            "TE",
            "host",
            "content-type",
            "Content-Length",
            "grpc-timeout",
            "grpc-encoding",
            "user-agent",
            "dtm-gid",
            "DTM-OP",
            "transfer-encoding")) {
      headers.put(name, "1m");
    }
    headers.put("not-ascii", "grün");
    headers.put("control", "a\r\nb: c");
    headers.put("x-kept", "yes");

    var result = caller.call(call(participant.url("s/m"), headers));

    assertThat(result).isEqualTo(SUCCEEDED);
    var metadata = participant.received.getFirst().metadata();
    assertThat(text(metadata, "x-kept")).isEqualTo("yes");
    assertThat(text(metadata, "dtm-gid")).isEqualTo("g1");
    assertThat(metadata.keys())
        .doesNotContain("not-ascii", "control", "a b", "connection", "transfer-encoding", "host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not enough in stock", "FAILURE", "a\nb", "余额不足"})
  void anAbortedCallIsRefused(String message) {
    participant.answers(Status.ABORTED.withDescription(message));

    assertThat(caller.call(call())).isEqualTo(new BranchResult.Refused(message));
  }

  @Test
  void anAbortedCallThatSaysOngoingIsOngoing() {
    participant.answers(Status.ABORTED.withDescription("ONGOING"));

    assertThat(caller.call(call())).isEqualTo(ONGOING);
  }

  @Test
  void aFailedPreconditionIsOngoing() {
    participant.answers(Status.FAILED_PRECONDITION.withDescription("wait"));

    assertThat(caller.call(call())).isEqualTo(ONGOING);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK", "ABORTED", "FAILED_PRECONDITION"})
  void anyOtherStatusIsUnclear(Status.Code code) {
    participant.answers(code.toStatus().withDescription("FAILURE in some words"));

    assertThat(caller.call(call()))
        .isEqualTo(
            new BranchResult.Unclear(
                "gRPC " + code + ": FAILURE in some words", availabilityBy(code)));
  }

  private static Availability availabilityBy(Status.Code code) {
    return code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED
        ? Availability.UNAVAILABLE
        : Availability.ANSWERED;
  }

  @Test
  void readsAMessageOfManyKilobytes() {
    var reason = "x".repeat(50_000);
    participant.answers(Status.ABORTED.withDescription(reason));

    assertThat(caller.call(call())).isEqualTo(new BranchResult.Refused(reason));
  }

  @Test
  void takesHttpsConflictAsStatusForARefusal() {
    php.answers(Map.of("grpc-status", "409", "grpc-message", "no money"));

    assertThat(caller.call(call(php.url(), Map.of())))
        .isEqualTo(new BranchResult.Refused("no money"));
  }

  @Test
  void takesHttpsConflictWithoutMessageForARefusal() {
    php.answersOnly(Map.of("grpc-status", "409"));

    assertThat(caller.call(call(php.url(), Map.of()))).isEqualTo(new BranchResult.Refused(""));
  }

  @Test
  void takesHttpsTooEarlyAsStatusForOngoing() {
    php.answers(Map.of("grpc-status", "425", "grpc-message", "ONGOING"));
    assertThat(caller.call(call(php.url(), Map.of()))).isEqualTo(ONGOING);

    php.answersOnly(Map.of("grpc-status", "425"));
    assertThat(caller.call(call(php.url(), Map.of()))).isEqualTo(ONGOING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"408", "4090", "999999999999", "-1", "x", "", "17", "0409"})
  void anyOtherNumberAsStatusIsUnclear(String status) {
    php.answers(Map.of("grpc-status", status, "grpc-message", "hm"));

    assertThat(caller.call(call(php.url(), Map.of()))).isInstanceOf(BranchResult.Unclear.class);
  }

  @Test
  void anAnswerWithoutStatusIsUnclear() {
    php.answers(Map.of("x-other", "0"));

    assertThat(caller.call(call(php.url(), Map.of()))).isInstanceOf(BranchResult.Unclear.class);
  }

  @Test
  void succeedsWithoutAMessageToo() {
    php.answersOnly(Map.of("grpc-status", "0"));
    assertThat(caller.call(call(php.url(), Map.of()))).isEqualTo(SUCCEEDED);

    participant.sends(0, new byte[0]);
    assertThat(caller.call(call())).isEqualTo(SUCCEEDED);
  }

  @Test
  void doesNotReadTheAnswer() {
    participant.sends(1, new byte[] {(byte) 0xFF, 1, 2});

    assertThat(caller.call(call())).isEqualTo(SUCCEEDED);
  }

  @Test
  void anAnswerBeyondTheLimitIsUnclear() {
    participant.sends(1, new byte[GrpcBranchCallerConfig.ANSWER_BYTES_MAX_DEFAULT + 1]);

    assertThat(caller.call(call())).isInstanceOf(BranchResult.Unclear.class);
  }

  @Test
  void sendsALargePayload() {
    var payload = new byte[20 * 1024 * 1024];
    new Random(1).nextBytes(payload);

    assertThat(caller.call(call(participant.url("s/m"), payload))).isEqualTo(SUCCEEDED);
    assertThat(participant.received.getFirst().message()).isEqualTo(payload);
  }

  @Test
  void resumesAWorkflowThroughItsService() throws Exception {
    var result = caller.call(resume(BranchProtocol.GRPC));

    assertThat(result).isEqualTo(SUCCEEDED);
    var received = participant.received.getFirst();
    assertThat(received.method()).isEqualTo("workflow.Workflow/Execute");
    assertThat(text(received.metadata(), "dtm-op")).isEqualTo("transfer");
    assertThat(text(received.metadata(), "dtm-branch_id")).isEqualTo("00");
    assertThat(WorkflowData.parseFrom(received.message()).getData().toStringUtf8())
        .isEqualTo("{\"amount\":30}");
  }

  @Test
  void wrapsTheDataOfAWorkflowOnlyWhenItIsOneOverGrpc() {
    caller.call(resume(BranchProtocol.JSON_RPC));

    assertThat(new String(participant.received.getFirst().message(), UTF_8))
        .isEqualTo("{\"amount\":30}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost | bad url: 'localhost'. no '/' found",
        "localhost:1 | bad url: 'localhost:1'. no '/' found",
        "etcd://localhost:1/s/m"
            + " | call dtmdriver.Use() before you use custom scheme for 'etcd://localhost:1/s/m'",
        "/s/m | bad url: '/s/m' (expected: host:port/package.Service/Method)",
        "localhost:1/ | bad url: 'localhost:1/' (expected: host:port/package.Service/Method)",
        "lo calhost:1/s/m"
            + " | bad url: 'lo calhost:1/s/m' (expected: host:port/package.Service/Method)",
        "localhost:1/s/ü | bad url: 'localhost:1/s/ü' (expected: host:port/package.Service/Method)"
      })
  void saysWhatIsWrongWithAnAddress(String url, String why) {
    assertThat(caller.call(call(url, Map.of()))).isEqualTo(new BranchResult.Unclear(why));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":80/s/m",
        ":/s/m",
        "a/s/m",
        "a:b/s/m",
        "a:0/s/m",
        "a:99999/s/m",
        "[::1/s/m",
        "a@b:1/s/m",
        "%zz:1/s/m",
        "a?b:1/s/m",
        "a#b:1/s/m",
        "\\:1/s/m",
        "::1:80/s/m",
        "a\"b:1/s/m",
        "a:1:2/s/m"
      })
  void saysWhatAnAddressLooksLike(String url) {
    assertThat(caller.call(call(url, Map.of())))
        .isEqualTo(
            new BranchResult.Unclear(
                "bad url: '%s' (expected: host:port/package.Service/Method)".formatted(url)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-host.invalid", "no_such_host.invalid", "a..b", "-"})
  void aHostThatIsNotThereIsUnclear(String host) {
    assertThat(caller.call(call(host + ":1/s/m", Map.of())))
        .asString()
        .contains("gRPC UNAVAILABLE")
        .contains(host + ": no such host");
  }

  @Test
  void looksForAHostThatIsNotThereAgainAndAgain() {
    for (int i = 0; i < 5; i++) {
      assertThat(caller.call(call("no-such-host.invalid:1/s/m", Map.of())))
          .asString()
          .contains("no-such-host.invalid: no such host");
      now.updateAndGet(time -> time.plusSeconds(11));
    }
  }

  @Test
  void callsAHostByItsName() {
    assertThat(caller.call(call("localhost:" + participant.port() + "/s/m", Map.of())))
        .isEqualTo(SUCCEEDED);
    assertThat(participant.received).hasSize(1);
  }

  @Test
  void callsAHostByItsIpv6Address() throws IOException {
    assumeTrue(InetAddress.getByName("::1").isReachable(100), "no IPv6 on this machine");
    var result = caller.call(call("[::1]:" + freePort() + "/s/m", Map.of()));

    assertThat(result).asString().contains("UNAVAILABLE").contains("refused");
  }

  @Test
  void aGidThatMetadataCannotCarryIsUnclear() {
    var call =
        new BranchCall(
            new Gid("转账"),
            TransactionMode.SAGA,
            "01",
            Operation.ACTION,
            BranchProtocol.GRPC,
            participant.url("s/m"),
            Payload.empty(),
            Map.of(),
            PATIENCE);

    assertThat(caller.call(call))
        .isEqualTo(
            new BranchResult.Unclear(
                "gid: 转账 (expected: printable ASCII, to be sent as gRPC metadata)"));
    assertThat(participant.received).isEmpty();
  }

  @Test
  void aDeadTargetIsUnclearAtOnce() throws IOException {
    var url = "127.0.0.1:" + freePort() + "/s/m";
    long startedAt = System.nanoTime();

    for (int i = 0; i < 20; i++) {
      assertThat(caller.call(call(url, Map.of())))
          .asString()
          .contains("gRPC UNAVAILABLE")
          .contains("refused");
    }

    assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(PATIENCE);
  }

  @Test
  void callsAParticipantThatHasComeBackWithoutWaitingOutABackOff() throws Exception {
    int port = freePort();
    var url = "127.0.0.1:" + port + "/s/m";
    for (int i = 0; i < 5; i++) {
      assertThat(caller.call(call(url, Map.of()))).isInstanceOf(BranchResult.Unclear.class);
      now.updateAndGet(time -> time.plusMillis(250));
    }

    try (var back = new RawParticipant(port)) {
      // the library fails a call some moments before it says that the channel has failed
      var results = new ArrayList<BranchResult>();
      while (results.size() < CALLS_MAX && !results.contains(SUCCEEDED)) {
        results.add(caller.call(call(back.url("s/m"), Map.of())));
        now.updateAndGet(time -> time.plusMillis(250));
      }

      assertThat(results).contains(SUCCEEDED);
    }
  }

  @Test
  void aParticipantThatRestartsIsCalledAgain() {
    int port;
    try (var first = new RawParticipant()) {
      port = first.port();
      assertThat(caller.call(call(first.url("s/m"), Map.of()))).isEqualTo(SUCCEEDED);
    }
    try (var second = new RawParticipant(port)) {
      BranchResult result;
      do { // a call that meets the end of the old connection is unclear, and is repeated
        result = caller.call(call(second.url("s/m"), Map.of()));
        now.updateAndGet(time -> time.plusMillis(250));
      } while (!result.equals(SUCCEEDED));
      assertThat(second.received).hasSize(1);
    }
  }

  @Test
  void aSlowTargetIsUnclearWhenItsTimeIsUp() {
    var release = new CountDownLatch(1);
    participant.answers(call -> {
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Status.OK;
    });

    var result = caller.call(call(participant.url("s/m"), new byte[0], Map.of(), SHORT));

    release.countDown();
    assertThat(result).asString().contains("gRPC DEADLINE_EXCEEDED");
  }

  @Test
  void aTargetThatAcceptsAndIsSilentIsUnclearWhenItsTimeIsUp() throws IOException {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var url = "127.0.0.1:" + silent.getLocalPort() + "/s/m";

      assertThat(caller.call(call(url, new byte[0], Map.of(), SHORT)))
          .asString()
          .contains("gRPC DEADLINE_EXCEEDED");
    }
  }

  @Test
  void aTargetThatSpeaksAnotherProtocolIsUnclear() throws Exception {
    try (var http1 = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answered =
          threads.submit(() -> {
            try (var connection = http1.accept()) {
              connection
                  .getOutputStream()
                  .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
              connection.getOutputStream().flush();
              return connection.getInputStream().read();
            }
          });
      var url = "127.0.0.1:" + http1.getLocalPort() + "/s/m";

      assertThat(caller.call(call(url, new byte[0], Map.of(), Duration.ofSeconds(2))))
          .isInstanceOf(BranchResult.Unclear.class);
      answered.cancel(true);
    }
  }

  @Test
  void anInterruptEndsTheCallAndIsKept() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    participant.answers(call -> {
      entered.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Status.OK;
    });
    var end = new CompletableFuture<BranchResult>();
    var kept = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              end.complete(caller.call(call()));
              kept.complete(Thread.currentThread().isInterrupted());
            });
    entered.await();

    thread.interrupt();

    assertThat(end.get(60, TimeUnit.SECONDS)).asString().contains("interrupted");
    assertThat(kept.get(60, TimeUnit.SECONDS)).isTrue();
    release.countDown();
  }

  @Test
  void aCallDoesNotEndWithTheRequestThatTheThreadWorksFor() {
    var cancelled = Context.current().withCancellation();
    cancelled.cancel(null);
    var outer = cancelled.attach();
    try {
      assertThat(caller.call(call())).isEqualTo(SUCCEEDED);
    } finally {
      cancelled.detach(outer);
    }
  }

  @Test
  void makesManyCallsAtOnce() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 500)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> caller.call(call()), threads))
              .toList();

      assertThat(calls).allSatisfy(c -> assertThat(c.join()).isEqualTo(SUCCEEDED));
    }
    assertThat(participant.received).hasSize(500);
  }

  @Test
  void afterItsEndThereAreNoMoreCalls() {
    caller.close();

    assertThatThrownBy(() -> caller.call(call())).isInstanceOf(IllegalStateException.class);
  }

  private BranchCall call() {
    return call(participant.url("busi.Busi/TransIn"), Map.of());
  }

  private static BranchCall call(String url, Map<String, String> headers) {
    return call(url, new byte[0], headers, PATIENCE);
  }

  private static BranchCall call(String url, byte[] payload) {
    return call(url, payload, Map.of(), PATIENCE);
  }

  private static BranchCall call(
      String url, byte[] payload, Map<String, String> headers, Duration timeout) {
    return new BranchCall(
        new Gid("g1"),
        TransactionMode.SAGA,
        "01",
        Operation.ACTION,
        BranchProtocol.GRPC,
        url,
        Payload.of(payload),
        headers,
        timeout);
  }

  private BranchCall resume(BranchProtocol protocol) {
    return new BranchCall(
        new Gid("g1"),
        TransactionMode.WORKFLOW,
        "00",
        new Operation("transfer"),
        protocol,
        participant.url("workflow.Workflow/Execute"),
        Payload.ofText("{\"amount\":30}"),
        Map.of(),
        PATIENCE);
  }

  private static String text(Metadata metadata, String name) {
    var value = metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    return value == null ? "(absent)" : value;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
