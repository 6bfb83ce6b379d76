package io.dtm.server.api.grpc;

import static io.dtm.server.api.grpc.RunningEdge.branch;
import static io.dtm.server.api.grpc.RunningEdge.builder;
import static io.dtm.server.api.grpc.RunningEdge.request;
import static io.dtm.server.api.grpc.RunningEdge.saga;
import static io.dtm.server.api.grpc.RunningEdge.status;
import static io.dtm.server.api.grpc.RunningEdge.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTopicRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TransactionServiceTest {
  private static final BranchResult SUCCEEDED = new BranchResult.Succeeded();
  private static final BranchResult REFUSED = new BranchResult.Refused("no money");
  private static final BranchResult UNCLEAR = new BranchResult.Unclear("HTTP 500: oops");
  private static final BranchResult ONGOING = new BranchResult.Ongoing();
  private static final String NOT_SPECIFIED =
      "your http/grpc result should be specified as in:\n"
          + "http://d.dtm.pub/practice/arch.html#proto\nunkown result will be retried: ";
  private static final Map<String, String> TCC_DATA =
      Map.of("confirm", "shop:1/s/Confirm", "cancel", "http://shop/cancel");

  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void makesGids() {
    assertThat(edge.client().newGid(Empty.getDefaultInstance()).getGid()).isEqualTo("gid-1");
    assertThat(edge.client().newGid(Empty.getDefaultInstance()).getGid()).isEqualTo("gid-2");
  }

  @Test
  void aSubmittedSagaRunsWithItsBinaryPayloads() {
    var bytes = ByteString.copyFrom(new byte[] {0, (byte) 0xFF, 7});
    var saga = saga("g1").setBinPayloads(1, bytes).build();

    assertThat(edge.submit(waiting(saga))).isEqualTo(Status.OK);

    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(edge.stored("g1").definition().protocol()).isEqualTo(BranchProtocol.GRPC);
    assertThat(edge.calls)
        .extracting(BranchCall::url)
        .containsExactly("shop:1/busi.Busi/Out", "http://bank/in");
    assertThat(edge.calls.get(1).payload().bytes()).isEqualTo(bytes.toByteArray());
    assertThat(edge.stored("g1").branches())
        .extracting(b -> b.branchId() + " " + b.operation().name())
        .containsExactly("01 compensate", "01 action", "02 compensate", "02 action");
  }

  @Test
  void aSubmitThatDoesNotWaitIsAnsweredAtOnce() {
    assertThat(edge.submit(saga("g1").build())).isEqualTo(Status.OK);

    edge.awaitQuiet();
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void everyOptionArrives() {
    var options =
        DtmTransOptions.newBuilder()
            .setWaitResult(true)
            .setTimeoutToFail(11)
            .setRetryInterval(12)
            .setRequestTimeout(13)
            .setRetryLimit(14)
            .setRetryFactor(3)
            .setRetryMaxInterval(15)
            .setRetryMaxAttempts(16)
            .setRetryMaxAge(17)
            .putBranchHeaders("X-Tenant", "blue");
    edge.submit(saga("g1").setTransOptions(options).build());

    assertThat(edge.stored("g1").options())
        .isEqualTo(
            new TransactionOptions(
                true,
                Duration.ofSeconds(11),
                Duration.ofSeconds(13),
                new RetryPolicy(
                    Duration.ofSeconds(12), 3, Duration.ofSeconds(15), 16, Duration.ofSeconds(17)),
                14,
                false,
                Map.of("X-Tenant", "blue")));
    assertThat(edge.calls.getFirst().headers()).isEqualTo(Map.of("X-Tenant", "blue"));
    assertThat(edge.calls.getFirst().timeout()).isEqualTo(Duration.ofSeconds(13));
  }

  @Test
  void aSagasOrdersArrive() {
    edge.prepare(saga("g1").setCustomData("{\"orders\":{\"1\":[0]},\"concurrent\":true}").build());

    assertThat(edge.stored("g1").definition().spec())
        .isEqualTo(new TransactionSpec.Saga(true, Map.of(1, List.of(0))));
    assertThat(edge.stored("g1").definition().customData())
        .isEqualTo("{\"orders\":{\"1\":[0]},\"concurrent\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null"})
  void aSagaMayHaveNoSteps(String steps) {
    assertThat(edge.submit(waiting(builder("g1", "saga").setSteps(steps).build())))
        .isEqualTo(Status.OK);
    assertThat(edge.stored("g1").branches()).isEmpty();
  }

  @Test
  void payloadsOfOldClientsStandInTheSteps() {
    var request =
        builder("g1", "saga")
            .setSteps("[{\"action\":\"a:1/s/m\",\"compensate\":null,\"data\":\"{}\"}]")
            .build();

    assertThat(edge.submit(waiting(request))).isEqualTo(Status.OK);
    assertThat(edge.calls.getFirst().payload().text()).isEqualTo("{}");
  }

  @Test
  void aWaitedSagaThatTurnedBackSaysWhy() {
    edge.participant(call -> call.url().equals("http://bank/in") ? REFUSED : SUCCEEDED);

    assertStatus(
        edge.submit(waiting(saga("g1").build())),
        Code.ABORTED,
        "url:http://bank/in return failed: no money FAILURE");
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.FAILED);
  }

  @Test
  void aWaitedSagaThatGoesOnIsNoSuccess() {
    edge.participant(call -> UNCLEAR);
    assertStatus(
        edge.submit(waiting(saga("g1").build())),
        Code.ABORTED,
        "wait result not return success: FAILURE");

    edge.participant(call -> ONGOING);
    assertStatus(
        edge.submit(waiting(saga("g2").build())),
        Code.ABORTED,
        "wait result not return success: FAILURE");
  }

  @Test
  void aLongReasonIsCutSoThatClientsCanReadIt() {
    edge.participant(call ->
        call.url().equals("http://bank/in")
            ? new BranchResult.Refused("余".repeat(10_000))
            : SUCCEEDED);

    var status = edge.submit(waiting(saga("g1").build()));

    assertThat(status.getCode()).isEqualTo(Code.ABORTED);
    assertThat(status.getDescription())
        .startsWith("url:http://bank/in return failed: 余")
        .endsWith("余… (cut) FAILURE");
    assertThat(edge.stored("g1").progress().rollbackReason()).hasSizeGreaterThan(10_000);
  }

  @Test
  void submittingAgainWhileUnderWayIsAccepted() {
    edge.participant(call -> ONGOING);
    edge.submit(saga("g1").build());
    edge.awaitQuiet();

    assertThat(edge.submit(saga("g1").build())).isEqualTo(Status.OK);
  }

  @Test
  void submittingAgainAfterTheEndIsRefused() {
    edge.submit(waiting(saga("g1").build()));

    assertStatus(
        edge.submit(saga("g1").build()),
        Code.ABORTED,
        "current status 'succeed', cannot sumbmit. FAILURE");
  }

  @Test
  void preparingAgainChangesNothing() {
    assertThat(edge.prepare(request("g1", "tcc"))).isEqualTo(Status.OK);
    assertThat(edge.prepare(request("g1", "tcc"))).isEqualTo(Status.OK);
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.PREPARED);
  }

  @Test
  void preparingAfterTheSubmitIsRefused() {
    edge.submit(waiting(saga("g1").build()));

    assertStatus(
        edge.prepare(saga("g1").build()),
        Code.ABORTED,
        "current status 'succeed', cannot prepare. FAILURE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "submit", "abort", "register"})
  void anotherModeThanTheStoredOneIsRefused(String method) {
    edge.prepare(request("g1", "tcc"));

    var status =
        switch (method) {
          case "prepare" -> edge.prepare(request("g1", "xa"));
          case "submit" -> edge.submit(request("g1", "xa"));
          case "abort" -> edge.abort(request("g1", "xa"));
          default -> edge.register(branch("g1", "xa", Map.of("url", "a:1/s/m")).build());
        };

    assertStatus(status, Code.ABORTED, "TransType: xa (expected: tcc, as g1 was created). FAILURE");
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.PREPARED);
  }

  @Test
  void abortingWhatIsNotThereIsNotFound() {
    assertStatus(
        edge.abort(request("g1", "tcc")), Code.NOT_FOUND, "no TransGlobal with gid: g1 found");
  }

  @Test
  void abortingASagaIsRefused() {
    edge.prepare(saga("g1").build());

    assertStatus(
        edge.abort(request("g1", "saga")),
        Code.ABORTED,
        "trans type: 'saga' current status 'prepared', cannot abort. FAILURE");
  }

  @Test
  void anAbortedTccIsCancelledWithItsReason() {
    edge.prepare(request("g1", "tcc"));
    edge.register(branch("g1", "tcc", TCC_DATA).build());

    assertThat(edge.abort(builder("g1", "tcc").setRollbackReason("try failed").build()))
        .isEqualTo(Status.OK);

    edge.awaitQuiet();
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(edge.stored("g1").progress().rollbackReason()).isEqualTo("try failed");
    assertThat(edge.calls).extracting(BranchCall::url).containsExactly("http://shop/cancel");
  }

  @Test
  void aWaitedAbortSucceedsWhenAllIsCancelled() {
    edge.prepare(waiting(request("g1", "tcc")));
    edge.register(branch("g1", "tcc", TCC_DATA).build());

    assertThat(edge.abort(request("g1", "tcc"))).isEqualTo(Status.OK);
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.FAILED);
  }

  @Test
  void aWaitedAbortSaysWhatABranchAnswered() {
    edge.prepare(waiting(request("g1", "tcc")));
    edge.register(branch("g1", "tcc", TCC_DATA).build());
    edge.participant(call -> ONGOING);

    assertStatus(edge.abort(request("g1", "tcc")), Code.FAILED_PRECONDITION, "ONGOING");
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.ABORTING);
  }

  @Test
  void aTccsBranchesAreConfirmedWithTheirPayload() {
    edge.prepare(request("g1", "tcc"));
    var payload = ByteString.copyFrom(new byte[] {0, 1, (byte) 0x80});
    assertThat(edge.register(branch("g1", "tcc", TCC_DATA).setBusiPayload(payload).build()))
        .isEqualTo(Status.OK);

    assertThat(edge.submit(waiting(request("g1", "tcc")))).isEqualTo(Status.OK);

    assertThat(edge.stored("g1").branches())
        .extracting(b -> b.branchId() + " " + b.operation().name() + " " + b.url())
        .containsExactly("01 cancel http://shop/cancel", "01 confirm shop:1/s/Confirm");
    assertThat(edge.calls).extracting(BranchCall::url).containsExactly("shop:1/s/Confirm");
    assertThat(edge.calls.getFirst().payload().bytes()).isEqualTo(payload.toByteArray());
  }

  @Test
  void anXasBranchesAreCommittedWhereTheyWerePrepared() {
    edge.prepare(request("g1", "xa"));
    assertThat(edge.register(branch("g1", "xa", Map.of("url", "shop:1/s/Xa")).build()))
        .isEqualTo(Status.OK);

    assertThat(edge.submit(waiting(request("g1", "xa")))).isEqualTo(Status.OK);

    assertThat(edge.stored("g1").branches())
        .extracting(b -> b.operation().name() + " " + b.url() + " " + b.payload().size())
        .containsExactly("rollback shop:1/s/Xa 0", "commit shop:1/s/Xa 0");
    assertThat(edge.calls).extracting(c -> c.operation().name()).containsExactly("commit");
  }

  @Test
  void aWaitedTccSaysWhatABranchAnswered() {
    for (var gid : List.of("ongoing", "refused", "unclear", "deferred")) {
      edge.prepare(request(gid, "tcc"));
      edge.register(branch(gid, "tcc", TCC_DATA).build());
    }

    edge.participant(call -> ONGOING);
    assertStatus(
        edge.submit(waiting(request("ongoing", "tcc"))), Code.FAILED_PRECONDITION, "ONGOING");
    edge.participant(call -> REFUSED);
    assertStatus(
        edge.submit(waiting(request("refused", "tcc"))),
        Code.ABORTED,
        NOT_SPECIFIED + "no money FAILURE");
    edge.participant(call -> UNCLEAR);
    assertStatus(
        edge.submit(waiting(request("unclear", "tcc"))),
        Code.UNKNOWN,
        NOT_SPECIFIED + "HTTP 500: oops");
    edge.participant(call -> new BranchResult.Deferred("busy"));
    assertStatus(
        edge.submit(waiting(request("deferred", "tcc"))), Code.FAILED_PRECONDITION, "ONGOING");
  }

  @Test
  void registeringTheSameBranchAgainChangesNothing() {
    edge.prepare(request("g1", "tcc"));
    edge.register(branch("g1", "tcc", TCC_DATA).build());

    assertThat(edge.register(branch("g1", "tcc", TCC_DATA).build())).isEqualTo(Status.OK);
    assertThat(edge.stored("g1").branches()).hasSize(2);
  }

  @Test
  void registeringAnotherBranchUnderTheSameIdIsRefused() {
    edge.prepare(request("g1", "tcc"));
    edge.register(branch("g1", "tcc", TCC_DATA).build());

    assertStatus(
        edge.register(branch("g1", "tcc", Map.of("confirm", "a:1/s/m")).build()),
        Code.ALREADY_EXISTS,
        "BranchID: 01 has its cancel already, with another address or payload");
  }

  @Test
  void registeringWithoutAPreparedTransactionIsRefused() {
    assertStatus(
        edge.register(branch("g1", "tcc", TCC_DATA).build()),
        Code.ABORTED,
        "no trans with gid: g1 status: prepared found FAILURE");

    edge.submit(waiting(request("g1", "tcc")));
    assertStatus(
        edge.register(branch("g1", "tcc", TCC_DATA).build()),
        Code.ABORTED,
        "no trans with gid: g1 status: prepared found FAILURE");
  }

  @Test
  void aMessageIsDeliveredToAllSubscribersOfATopic() {
    edge.topics.subscribe("orders", "a:1/s/m", "");
    edge.topics.subscribe("orders", "http://b/m", "");
    var message = message("g1", "topic://orders").build();

    assertThat(edge.prepare(message)).isEqualTo(Status.OK);
    assertThat(edge.submit(waiting(message))).isEqualTo(Status.OK);

    assertThat(edge.calls)
        .extracting(c -> c.branchId() + " " + c.url() + " " + c.payload().text())
        .containsExactly("01-01 a:1/s/m p0", "01-02 http://b/m p0");
    assertThat(edge.stored("g1").definition().checkBackUrl()).isEqualTo("shop:1/s/Check");
  }

  @Test
  void aMessageToNobodyIsNotFound() {
    assertStatus(
        edge.submit(message("g1", "topic://orders").build()), Code.NOT_FOUND, "topic not found");
    assertStatus(
        edge.prepare(message("g1", "topic://").build()), Code.NOT_FOUND, "topic not found");
    assertThat(edge.isStored("g1")).isFalse();
  }

  @Test
  void aDelayedMessageWaits() {
    var message = message("g1", "a:1/s/m").setCustomData("{\"delay\":10}").build();

    assertStatus(
        edge.submit(waiting(message)), Code.ABORTED, "wait result not return success: FAILURE");
    assertThat(edge.calls).isEmpty();

    edge.time.advance(Duration.ofSeconds(10), edge::awaitQuiet);
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  void aWaitedMessageSaysWhatABranchAnswered() {
    edge.participant(call -> ONGOING);
    assertStatus(
        edge.submit(waiting(message("g1", "a:1/s/m").build())),
        Code.ABORTED,
        "wait result not return success: FAILURE");
    edge.participant(call -> REFUSED);
    assertStatus(
        edge.submit(waiting(message("g2", "a:1/s/m").build())),
        Code.ABORTED,
        NOT_SPECIFIED + "no money FAILURE");
    edge.participant(call -> UNCLEAR);
    assertStatus(
        edge.submit(waiting(message("g3", "a:1/s/m").build())),
        Code.UNKNOWN,
        NOT_SPECIFIED + "HTTP 500: oops");
  }

  @Test
  void anAbortedMessageHasFailed() {
    edge.prepare(message("g1", "a:1/s/m").build());

    assertThat(edge.abort(request("g1", "msg"))).isEqualTo(Status.OK);
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.FAILED);
  }

  @Test
  void aWorkflowIsPreparedRecordedAndEnded() {
    var fresh = edge.progresses(workflow("g1"));
    assertThat(fresh.getTransaction().getGid()).isEqualTo("g1");
    assertThat(fresh.getTransaction().getStatus()).isEqualTo("prepared");
    assertThat(fresh.getProgressesList()).isEmpty();

    assertThat(edge.register(step("01", "action", "succeed", "done"))).isEqualTo(Status.OK);
    assertThat(edge.register(step("", "action", "failed", "no stock"))).isEqualTo(Status.OK);
    var underWay = edge.progresses(workflow("g1"));
    assertThat(underWay.getProgressesList())
        .extracting(p ->
            "%s %s %s %s"
                .formatted(
                    p.getBranchID(), p.getOp(), p.getStatus(), p.getBinData().toStringUtf8()))
        .containsExactly("01 action succeed done", " action failed no stock");

    assertThat(edge.submit(end("g1", Map.of("status", "succeed", "result", "eyJhIjoxfQ=="))))
        .isEqualTo(Status.OK);
    var ended = edge.progresses(workflow("g1")).getTransaction();
    assertThat(ended.getStatus()).isEqualTo("succeed");
    assertThat(ended.getResult()).isEqualTo("eyJhIjoxfQ==");
    assertThat(edge.stored("g1").branches())
        .extracting(Branch::status)
        .containsExactly(BranchStatus.SUCCEEDED, BranchStatus.FAILED);
  }

  @Test
  void aFailedWorkflowKeepsItsReason() {
    edge.progresses(workflow("g1"));

    assertThat(edge.submit(end("g1", Map.of("status", "failed", "rollback_reason", "no stock"))))
        .isEqualTo(Status.OK);

    var ended = edge.progresses(workflow("g1")).getTransaction();
    assertThat(ended.getStatus()).isEqualTo("failed");
    assertThat(ended.getRollbackReason()).isEqualTo("no stock");
  }

  @Test
  void aWorkflowIsResumedWithItsData() {
    edge.progresses(workflow("g1"));

    edge.time.advance(Duration.ofSeconds(30), edge::awaitQuiet);

    assertThat(edge.calls).isNotEmpty();
    var resume = edge.calls.getFirst();
    assertThat(resume.url()).isEqualTo("shop:1/workflow.Workflow/Execute");
    assertThat(resume.operation().name()).isEqualTo("transfer");
    assertThat(resume.payload().text()).isEqualTo("{\"a\":1}");
    assertThat(resume.protocol()).isEqualTo(BranchProtocol.GRPC);
  }

  @Test
  void endingAWorkflowThatIsNotThereIsNotFound() {
    assertStatus(
        edge.submit(end("g1", Map.of("status", "succeed"))),
        Code.NOT_FOUND,
        "no TransGlobal with gid: g1 found");
  }

  @Test
  void endingAWorkflowOtherwiseThanItEndedIsRefused() {
    edge.progresses(workflow("g1"));
    edge.submit(end("g1", Map.of("status", "succeed")));

    assertThat(edge.submit(end("g1", Map.of("status", "succeed")))).isEqualTo(Status.OK);
    assertStatus(
        edge.submit(end("g1", Map.of("status", "failed"))),
        Code.ABORTED,
        "current status 'succeed', cannot sumbmit. FAILURE");
  }

  /** D8: the reference stores any text as the status, an empty one too. */
  @ParameterizedTest
  @CsvSource({"'',missing", "aborting,aborting", "SUCCEED,SUCCEED"})
  void aWorkflowEndsAsSucceededOrFailedOnly(String word, String shown) {
    edge.progresses(workflow("g1"));

    assertStatus(
        edge.submit(end("g1", Map.of("status", word))),
        Code.INVALID_ARGUMENT,
        "ReqExtra.status: " + shown + " (expected: succeed or failed)");
    assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.PREPARED);
  }

  @Test
  void aGidOfAnotherModeIsNoWorkflow() {
    edge.prepare(request("g1", "tcc"));

    assertStatus(
        edge.prepareWorkflow(workflow("g1")),
        Code.ABORTED,
        "TransType: workflow (expected: tcc, as g1 was created). FAILURE");
    assertStatus(
        edge.submit(end("g1", Map.of("status", "failed"))),
        Code.ABORTED,
        "TransType: workflow (expected: tcc, as g1 was created). FAILURE");
  }

  @Test
  void onlyAWorkflowCanBePreparedAsOne() {
    assertStatus(
        edge.prepareWorkflow(saga("g1").build()),
        Code.INVALID_ARGUMENT,
        "TransType: saga (expected: workflow)");
  }

  @Test
  void topicsComeAndGo() {
    var first = topic("orders", "a:1/s/m");
    assertThat(status(() -> edge.client().subscribe(first))).isEqualTo(Status.OK);
    assertStatus(
        status(() -> edge.client().subscribe(first)), Code.ALREADY_EXISTS, "this url exists");
    assertThat(edge.topics.subscribers("orders")).containsExactly("a:1/s/m");

    assertStatus(
        status(() -> edge.client().unsubscribe(topic("orders", "b:1/s/m"))),
        Code.NOT_FOUND,
        "no such an url ");
    assertThat(status(() -> edge.client().unsubscribe(first))).isEqualTo(Status.OK);
    assertStatus(
        status(() -> edge.client().unsubscribe(first)), Code.NOT_FOUND, "this topic is empty");

    assertThat(status(() -> edge.client().deleteTopic(first))).isEqualTo(Status.OK);
    assertStatus(status(() -> edge.client().deleteTopic(first)), Code.NOT_FOUND, "no such a topic");
    assertStatus(status(() -> edge.client().unsubscribe(first)), Code.NOT_FOUND, "no such a topic");
  }

  @Test
  void aTopicNeedsANameAndAnAddress() {
    assertStatus(
        status(() -> edge.client().subscribe(topic("", "a:1/s/m"))),
        Code.INVALID_ARGUMENT,
        "empty topic");
    assertStatus(
        status(() -> edge.client().subscribe(topic("orders", ""))),
        Code.INVALID_ARGUMENT,
        "empty url");
    assertThat(status(() -> edge.client().subscribe(topic("orders", "nowhere"))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertStatus(
        status(() -> edge.client().deleteTopic(topic("", ""))),
        Code.INVALID_ARGUMENT,
        "empty topic");
  }

  @Test
  void anUnreachableStoreIsUnavailable() {
    edge.storeThrows(new StoreUnavailable("down"));

    var status = edge.submit(saga("g1").build());

    assertThat(status.getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(status.getDescription())
        .startsWith("the store is unavailable")
        .doesNotContain("down");
  }

  /** Under the number the log has one line, however many were told it. */
  @Test
  void errorsOfOneReasonHaveOneNumberAndThoseOfAnotherHaveAnother() {
    edge.storeThrows(new StoreUnavailable("down"));
    var first = edge.submit(saga("g1").build()).getDescription();
    var second = edge.submit(saga("g2").build()).getDescription();
    edge.storeThrows(new StoreUnavailable("full"));
    var other = edge.submit(saga("g3").build()).getDescription();

    assertThat(first).containsPattern("\\(error [0-9a-f]{8}\\)");
    assertThat(second).isEqualTo(first);
    assertThat(other).containsPattern("\\(error [0-9a-f]{8}\\)").isNotEqualTo(first);
  }

  @Test
  void aRecordThatCannotBeReadIsSaidSo() {
    edge.storeThrows(new StoredRecordUnreadable("progress of g1: format 3 (supported: 1 to 2)"));

    var status = edge.abort(request("g1", "tcc"));

    assertThat(status.getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(status.getDescription())
        .startsWith("this server cannot read what is stored, nothing was changed; a newer one may")
        .contains("(progress of g1: format 3 (supported: 1 to 2), error ");
  }

  @Test
  void anythingElseIsInternalAndHasAnId() {
    edge.storeThrows(new IllegalStateException("secret"));

    var status = edge.abort(request("g1", "tcc"));

    assertThat(status.getCode()).isEqualTo(Code.INTERNAL);
    assertThat(status.getDescription()).matches("internal error [0-9a-f]{8}");
  }

  private static DtmRequest.Builder message(String gid, String action) {
    return builder(gid, "msg")
        .setSteps("[{\"action\":\"" + action + "\"}]")
        .addBinPayloads(ByteString.copyFromUtf8("p0"))
        .setQueryPrepared("shop:1/s/Check");
  }

  private static DtmRequest workflow(String gid) {
    return builder(gid, "workflow")
        .setCustomData("{\"data\":\"eyJhIjoxfQ==\",\"name\":\"transfer\"}")
        .setQueryPrepared("shop:1/workflow.Workflow/Execute")
        .build();
  }

  private static DtmRequest end(String gid, Map<String, String> extra) {
    return workflow(gid).toBuilder().putAllReqExtra(extra).build();
  }

  private static DtmBranchRequest step(String id, String op, String status, String data) {
    return branch("g1", "workflow", Map.of("op", op, "status", status))
        .setBranchID(id)
        .setBusiPayload(ByteString.copyFromUtf8(data))
        .build();
  }

  private static DtmTopicRequest topic(String name, String url) {
    return DtmTopicRequest.newBuilder().setTopic(name).setURL(url).build();
  }

  private static void assertStatus(Status status, Code code, String text) {
    assertThat(status.getDescription()).isEqualTo(text);
    assertThat(status.getCode()).isEqualTo(code);
  }
}
