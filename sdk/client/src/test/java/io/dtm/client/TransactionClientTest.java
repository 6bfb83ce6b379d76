package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dtm.client.FakeManager.Asked;
import io.dtm.client.TransactionResult.Accepted;
import io.dtm.client.TransactionResult.Pending;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionClientTest {
  private static final String REASON = "url:http://bank/TransIn return failed: frozen";
  private static final String CONFLICT =
      "{\"dtm_result\":\"FAILURE\",\"message\":\"wait result not return success: FAILURE\"}";
  private static final String QUERY = "/api/dtmsvr/query?gid=g1";

  private final FakeManager manager = new FakeManager();
  private final TransactionClient client = TransactionClient.of(manager.url() + "/");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void tellsThatAWaitedSagaSucceeded() {
    manager.succeeds();

    assertThat(waited().submit()).isEqualTo(new Succeeded("g1"));
    assertThat(manager.asked()).hasSize(1);
  }

  @Test
  void asksWhatAConflictMeansAndTellsARollback() {
    manager.answers(409, CONFLICT).describes("g1", "failed");

    assertThat(waited().submit()).isEqualTo(new RolledBack("g1", REASON));
    assertThat(manager.asked().get(1)).isEqualTo(new Asked("GET", QUERY, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"submitted", "aborting"})
  void takesASagaThatIsStillUnderWayAsPending(String status) {
    manager.answers(409, CONFLICT).describes("g1", status);

    var result = waited().submit();

    assertThat(result).isInstanceOf(Pending.class);
    assertThat(((Pending) result).state().isFinal()).isFalse();
  }

  @Test
  void takesAConflictAsSuccessWhenTheSagaHasSucceededSince() {
    manager.answers(425, "{\"dtm_result\":\"ONGOING\",\"message\":\"ONGOING\"}");
    manager.describes("g1", "succeed");

    assertThat(waited().submit()).isEqualTo(new Succeeded("g1"));
  }

  @Test
  void tellsTheOutcomeWhenASagaThatHasEndedIsSubmittedAgain() {
    manager
        .answers(409, "{\"message\":\"current status 'succeed', cannot sumbmit. FAILURE\"}")
        .describes("g1", "succeed");

    assertThat(saga().submit()).isEqualTo(new Succeeded("g1"));
  }

  @Test
  void isRefusedWhenTheGidBelongsToATransactionOfAnotherMode() {
    manager
        .answers(409, "{\"message\":\"g1 is a tcc. FAILURE\"}")
        .answers(200, FakeManager.description("g1", "tcc", "submitted"));

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> saga().submit())
        .withMessage(manager.url() + " answered 409: g1 is a tcc. FAILURE");
  }

  @Test
  void isRefusedWhenTheManagerDoesNotKnowTheSagaThatItCallsAConflict() {
    manager.answers(409, CONFLICT).answers(200, "{\"branches\":[],\"transaction\":null}");

    assertThatExceptionOfType(TransactionRefused.class).isThrownBy(() -> saga().submit());
  }

  @Test
  void passesOnWhatTheManagerSaysAgainstARequest() {
    manager.answers(400, "{\"message\":\"payloads: 1 (expected: 2, one for each step)\"}");

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> saga().submit())
        .withMessageContaining("answered 400: payloads: 1 (expected: 2, one for each step)");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void isUnavailableWhenTheManagerIsOverloadedOrBroken(int status) {
    manager.answers(status, "{\"message\":\"busy\"}");

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> saga().submit())
        .withMessage("%s answered %d: busy", manager.url(), status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>Welcome</html>", "[]", "SUCCESS", "{\"dtm_result\":"})
  void isUnavailableWhenSomethingElseAnswers(String body) {
    manager.answers(200, body);

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> saga().submit())
        .withMessageContaining("answered 200 with")
        .withMessageContaining("is it the URL of a transaction manager?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"dtm_result\":\"ONGOING\"}", "{\"dtm_result\":1}"})
  void isUnavailableWhenACommandIsAnsweredWithoutTheWordForDone(String body) {
    manager.answers(200, body);

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> saga().submit())
        .withMessageContaining("answer not understood: " + body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"transaction\":1}",
        "{\"transaction\":{}}",
        "{\"transaction\":{\"gid\":\"g1\",\"trans_type\":\"saga\",\"status\":\"lost\"}}",
        "{\"transaction\":{\"gid\":\"g1\",\"trans_type\":\"saga\",\"status\":\"failed\","
            + "\"create_time\":\"yesterday\",\"update_time\":\"today\"}}"
      })
  void isUnavailableWhenADescriptionMakesNoSense(String body) {
    manager.answers(200, body);

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> client.query("g1"))
        .withMessageContaining("answer not understood");
  }

  @Test
  void saysThatNobodyIsThere() {
    var nobody = FakeManager.nobody();
    var lonely = TransactionClient.of(nobody);

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> lonely.query("g1"))
        .withMessage(nobody + ": cannot be reached (is the transaction manager running there?)")
        .withCauseInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void waitsNoLongerThanTheRequestTimeoutForAWholeAnswer() {
    manager.stallsHalfway();
    var hasty =
        TransactionClient.builder()
            .baseUrl(manager.url())
            .requestTimeout(Duration.ofMillis(300))
            .build();

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> hasty.query("g1"))
        .withMessage(manager.url() + ": no answer within 300 ms");
  }

  @Test
  void submitsToTheNextManagerUnderTheSameGid() {
    try (var second = new FakeManager()) {
      manager.answers(503, "{\"message\":\"busy\"}");
      second.succeeds();
      var two = TransactionClient.of(FakeManager.nobody(), manager.url(), second.url());

      var result = two.saga("g1").step("http://a/1", "http://a/-1", 1).submit();

      assertThat(result).isEqualTo(new Accepted("g1"));
      assertThat(second.asked()).isEqualTo(manager.asked());
    }
  }

  @Test
  void staysWithTheManagerThatAnsweredLast() {
    try (var second = new FakeManager()) {
      manager.answers(503, "{}");
      second.succeeds().succeeds();
      var two = TransactionClient.of(manager.url(), second.url());

      two.retryNow("g1");
      two.retryNow("g1");

      assertThat(manager.asked()).hasSize(1);
      assertThat(second.asked()).hasSize(2);
    }
  }

  @Test
  void asksEachManagerOnceAndTellsWhatEachOneSaid() {
    try (var second = new FakeManager()) {
      manager.answers(503, "{\"message\":\"busy\"}");
      second.answers(200, "<html/>");
      var two = TransactionClient.of(manager.url(), second.url());

      assertThatExceptionOfType(TransactionManagerUnavailable.class)
          .isThrownBy(() -> two.query("g1"))
          .withMessageContaining(manager.url() + " answered 503: busy; ")
          .withMessageContaining(second.url() + " answered 200 with '<html/>'");
      assertThat(manager.asked()).hasSize(1);
      assertThat(second.asked()).hasSize(1);
    }
  }

  @Test
  void asksNoOtherManagerWhenOneRefuses() {
    try (var second = new FakeManager()) {
      manager.answers(400, "{\"message\":\"no\"}");
      var two = TransactionClient.of(manager.url(), second.url());

      assertThatExceptionOfType(TransactionRefused.class).isThrownBy(() -> two.forceStop("g1"));
      assertThat(second.asked()).isEmpty();
    }
  }

  @Test
  void describesATransactionWithItsBranches() {
    manager.describes("g1", "failed");

    var state = client.query("g1");

    assertThat(state)
        .isEqualTo(
            new TransactionState(
                "g1",
                TransactionMode.SAGA,
                TransactionStatus.FAILED,
                REASON,
                state.branches(),
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:04:06Z"),
                Instant.parse("2026-01-02T03:04:08Z"),
                null,
                ""));
    assertThat(state.branches())
        .containsExactly(
            new BranchState(
                "01",
                "compensate",
                BranchStatus.PREPARED,
                "http://bank/TransOutCompensate",
                Instant.parse("2026-01-01T19:04:07.250Z"),
                null),
            new BranchState(
                "01",
                "action",
                BranchStatus.SUCCEEDED,
                "http://bank/TransOut",
                null,
                Instant.parse("2026-01-02T03:04:06Z")),
            new BranchState("02", "compensate", BranchStatus.PREPARED, "", null, null),
            new BranchState(
                "02", "action", BranchStatus.FAILED, "http://bank/TransIn", null, null));
  }

  @Test
  void tellsWhenAnOpenTransactionIsTakenUpAgain() {
    manager.describes("g1", "aborting");

    assertThat(client.query("g1").nextAttemptAt()).isEqualTo(Instant.parse("2026-01-02T03:04:15Z"));
  }

  @Test
  void encodesTheGidInTheUrl() {
    manager.describes("a b&c", "failed");

    client.query("a b&c");

    assertThat(manager.asked().get(0).pathAndQuery()).isEqualTo("/api/dtmsvr/query?gid=a+b%26c");
  }

  @Test
  void knowsNoTransactionThatTheManagerDoesNotKnow() {
    manager.answers(200, "{\"branches\":[],\"transaction\":null}");

    assertThatExceptionOfType(TransactionUnknown.class)
        .isThrownBy(() -> client.query("g1"))
        .withMessage("no transaction has the gid g1")
        .satisfies(unknown -> assertThat(unknown.gid()).isEqualTo("g1"));
  }

  @Test
  void sendsCommandsWithTheGidAlone() {
    manager.succeeds().succeeds();

    client.forceStop("g1");
    client.retryNow("g1");

    var body = "{\"gid\":\"g1\",\"concurrent\":false}";
    assertThat(manager.asked())
        .containsExactly(
            new Asked("POST", "/api/dtmsvr/forceStop", body),
            new Asked("POST", "/api/dtmsvr/resetNextCronTime", body));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 500})
  void recognisesAnUnknownGidWhateverItsStatus(int status) {
    manager.answers(status, "{\"message\":\"no TransGlobal with gid: g1 found\"}");

    assertThatExceptionOfType(TransactionUnknown.class).isThrownBy(() -> client.forceStop("g1"));
  }

  @Test
  void isRefusedToStopWhatHasEnded() {
    manager.answers(409, "{\"dtm_result\":\"FAILURE\",\"message\":\"status: succeed. FAILURE\"}");

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> client.forceStop("g1"))
        .withMessageEndingWith("answered 409: status: succeed. FAILURE");
  }

  @Test
  void waitsUntilTheTransactionHasEnded() {
    var waiting = new FakeWaiting();
    manager.describes("g1", "submitted").answers(503, "{}").describes("g1", "aborting");
    manager.describes("g1", "failed");

    var state = client(waiting).waitFor("g1", Duration.ofMinutes(1));

    assertThat(state.status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(waiting.pauses())
        .containsExactly(
            Duration.ofMillis(50),
            Duration.ofMillis(75),
            Duration.ofMillis(75).multipliedBy(3).dividedBy(2));
  }

  @Test
  void asksAtMostOnceASecondAndNeverAfterTheTimeIsUp() {
    var waiting = new FakeWaiting();
    for (int i = 0; i < 20; i++) {
      manager.describes("g1", "submitted");
    }

    var state = client(waiting).waitFor("g1", Duration.ofSeconds(10));

    assertThat(state.isFinal()).isFalse();
    assertThat(waiting.pauses()).allMatch(pause -> pause.compareTo(Duration.ofSeconds(1)) <= 0);
    assertThat(waiting.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void givesUpWaitingWhenTheManagerStaysAway() {
    var waiting = new FakeWaiting();

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> client(waiting).waitFor("g1", Duration.ofSeconds(2)));
    assertThat(waiting.elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void doesNotWaitForATransactionThatDoesNotExist() {
    manager.answers(200, "{\"branches\":[],\"transaction\":null}");

    assertThatExceptionOfType(TransactionUnknown.class)
        .isThrownBy(() -> client.waitFor("g1", Duration.ofMinutes(1)));
  }

  @Test
  void keepsAnInterrupt() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> client.waitFor("g1", Duration.ofMinutes(1)))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void failsTheFutureWithWhatABlockingSubmitThrows() {
    manager.answers(400, "{\"message\":\"no\"}");

    var future = saga().submitAsync();

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(future::join)
        .withCauseInstanceOf(TransactionRefused.class);
  }

  @Test
  void throwsWithTheStackOfTheCaller() {
    manager.answers(400, "{\"message\":\"no\"}");

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> saga().submit())
        .satisfies(refused ->
            assertThat(refused.getStackTrace())
                .anyMatch(frame -> frame.getClassName().contains("TransactionClientTest")));
  }

  @Test
  void foldsEachOutcomeToItsOwnCase() {
    manager.describes("g1", "submitted");
    var state = client.query("g1");

    assertThat(folded(new Accepted("g1"))).isEqualTo("accepted");
    assertThat(folded(new Succeeded("g1"))).isEqualTo("succeeded");
    assertThat(folded(new RolledBack("g1", "frozen"))).isEqualTo("frozen");
    assertThat(folded(state.result())).isEqualTo("SUBMITTED");
  }

  @Test
  void makesGidsThatDiffer() {
    var gids = new HashSet<String>();
    for (int i = 0; i < 10_000; i++) {
      gids.add(client.newGid());
    }

    assertThat(gids).hasSize(10_000).allMatch(gid -> gid.matches("[2-9A-HJ-NP-Za-km-z]{22}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1:36789",
        "ftp://a",
        "http://",
        "http://a?b=c",
        "http://a b",
        "http:a"
      })
  void refusesABaseUrlThatCannotBeOne(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionClient.of(url))
        .withMessage("baseUrl: '%s' (expected: such as http://127.0.0.1:36789)", url);
  }

  @Test
  void needsABaseUrlAndTimeoutsAboveZero() {
    assertThatIllegalStateException().isThrownBy(TransactionClient::of);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionClient.builder().connectTimeout(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionClient.builder().requestTimeout(Duration.ofSeconds(-1)));
  }

  @Test
  void showsNoPasswordOfABaseUrl() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionClient.of("http://admin:secret@127.0.0.1:36789"))
        .withMessage(
            "baseUrl: 'http://***@127.0.0.1:36789' has a user (expected: none, for it would be"
                + " shown in messages)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionClient.of("http://admin:secret@a b"))
        .withMessage("baseUrl: 'http://***@a b' (expected: such as http://127.0.0.1:36789)");
  }

  @Test
  void takesNoTimeoutThatWouldOverflowATimer() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TransactionClient.builder().requestTimeout(ChronoUnit.FOREVER.getDuration()))
        .withMessageEndingWith("(expected: PT8760H at most)");
  }

  @Test
  void breaksOffAnAnswerThatHasNoEnd() throws IOException {
    try (var endless = new EndlessAnswer()) {
      var way = BranchTransport.http(HttpClient.newHttpClient(), Duration.ofSeconds(30));

      assertThatExceptionOfType(TransactionManagerUnavailable.class)
          .isThrownBy(() -> TransactionClient.of(endless.url()).query("g1"))
          .withMessage(
              "%s: the answer is longer than %d bytes",
              endless.url(), HttpTransport.ANSWER_BYTES_MAX);
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(() ->
              way.call(
                      new BranchCall(
                          endless.url() + "?token=secret",
                          BranchRequest.of("g1", TransactionMode.TCC, "01", "try"),
                          Payload.empty(),
                          Map.of()))
                  .toCompletableFuture()
                  .join())
          .havingCause()
          .isInstanceOf(BranchUnclear.class)
          .withMessage(
              "%s?***: the answer is longer than %d bytes",
              endless.url(), HttpBranchTransport.ANSWER_BYTES_MAX);
    }
  }

  @Test
  void isUnavailableWhenADescriptionHasABranchThatIsNone() {
    manager.answers(
        200, FakeManager.description("g1", "saga", "submitted").replace("[\n", "[null,\n"));

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> client.query("g1"))
        .withMessageContaining("answer not understood (branches: null)");
  }

  /** Whoever blocks there holds up every timeout of the JVM. */
  @Test
  void whatDependsOnALateAnswerDoesNotRunOnTheThreadThatKeepsTheTime() {
    manager.stallsHalfway();
    var hasty =
        TransactionClient.builder()
            .baseUrl(manager.url())
            .requestTimeout(Duration.ofMillis(100))
            .build();

    var thread =
        hasty.queryAsync("g1").handle((state, late) -> Thread.currentThread().getName()).join();

    assertThat(thread).doesNotContain("DelayScheduler");
  }

  @Test
  void holdsNoThreadForHttpWhenItGoesAnotherWay() {
    var before = threadsOfHttpClients();

    var clients =
        Stream.generate(() ->
                TransactionClient.builder()
                    .transport(client.transport())
                    .participants(client.participants())
                    .build())
            .limit(20)
            .toList();

    assertThat(clients).hasSize(20);
    assertThat(threadsOfHttpClients()).isLessThan(before + 20);
  }

  @Test
  void showsNoHeaderAndNoQueryOfACall() {
    var request = BranchRequest.of("g1", TransactionMode.TCC, "01", "try");
    var call =
        new BranchCall(
            "http://me:secret@bank/try?token=secret",
            request,
            Payload.of("secret"),
            Map.of("Authorization", "secret"));
    var asked =
        new ManagerRequest(
            ManagerOperation.SUBMIT, "g1", "{\"branch_headers\":\"secret\"}", List.of());

    assertThat(call.toString()).contains("http://***@bank/try?***", "[Authorization]", "g1");
    assertThat(call + " " + asked).doesNotContain("secret");
  }

  private static long threadsOfHttpClients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("HttpClient-"))
        .count();
  }

  @Test
  void usesTheHttpClientOfTheApplication() {
    manager.succeeds();

    TransactionClient.builder()
        .baseUrl(manager.url())
        .httpClient(HttpClient.newHttpClient())
        .build()
        .retryNow("g1");

    assertThat(manager.asked()).hasSize(1);
  }

  private Saga saga() {
    return client.saga("g1").step("http://a/1", "http://a/-1", 1);
  }

  private Saga waited() {
    return saga().waitForResult();
  }

  private TransactionClient client(Waiting waiting) {
    return TransactionClient.builder().baseUrl(manager.url()).build(waiting);
  }

  private static String folded(TransactionResult result) {
    return result.fold(
        accepted -> "accepted",
        succeeded -> "succeeded",
        RolledBack::reason,
        pending -> pending.state().status().name());
  }
}
