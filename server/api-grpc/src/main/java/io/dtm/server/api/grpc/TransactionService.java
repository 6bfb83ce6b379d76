package io.dtm.server.api.grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.UnsafeByteOperations;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmGidReply;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmProgress;
import io.dtm.protocol.grpc.DtmProgressesReply;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTopicRequest;
import io.dtm.protocol.grpc.DtmTransaction;
import io.dtm.server.api.grpc.Answers.Answer;
import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.Coordinator;
import io.dtm.server.topics.Topics;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.function.Function;
import java.util.function.Supplier;

/** The service {@code dtmgimp.Dtm}: commands on transactions and topics. Thread-safe. */
final class TransactionService {
  private final Coordinator coordinator;
  private final Topics topics;
  private final Supplier<String> gids;
  private final RequestMapper mapper;
  private final Answers answers;

  TransactionService(
      Coordinator coordinator,
      Topics topics,
      Supplier<String> gids,
      RequestMapper mapper,
      Answers answers) {
    this.coordinator = coordinator;
    this.topics = topics;
    this.gids = gids;
    this.mapper = mapper;
    this.answers = answers;
  }

  /** What is to be served. */
  ServerServiceDefinition definition() {
    return new UnaryMethods(answers)
        .add(DtmGrpc.getNewGidMethod(), Empty.parser(), this::newGid)
        .add(DtmGrpc.getPrepareMethod(), DtmRequest.parser(), empty(this::prepare))
        .add(DtmGrpc.getSubmitMethod(), DtmRequest.parser(), empty(this::submit))
        .add(DtmGrpc.getAbortMethod(), DtmRequest.parser(), empty(this::abort))
        .add(DtmGrpc.getRegisterBranchMethod(), DtmBranchRequest.parser(), empty(this::register))
        .add(DtmGrpc.getPrepareWorkflowMethod(), DtmRequest.parser(), this::prepareWorkflow)
        .add(DtmGrpc.getSubscribeMethod(), DtmTopicRequest.parser(), empty(this::subscribe))
        .add(DtmGrpc.getUnsubscribeMethod(), DtmTopicRequest.parser(), empty(this::unsubscribe))
        .add(DtmGrpc.getDeleteTopicMethod(), DtmTopicRequest.parser(), empty(this::deleteTopic))
        .of(DtmGrpc.getServiceDescriptor());
  }

  private static <Q> Function<Q, Answer<Empty>> empty(Function<Q, Status> work) {
    return request -> Answer.of(work.apply(request), Empty::getDefaultInstance);
  }

  private Answer<DtmGidReply> newGid(Empty request) {
    return new Answer.Message<>(DtmGidReply.newBuilder().setGid(gids.get()).build());
  }

  private Status prepare(DtmRequest request) {
    var asked = mapper.toRequest(request);
    return OutcomeStatuses.prepared(
        asked.gid(), request.getTransType(), coordinator.prepare(asked));
  }

  private Status submit(DtmRequest request) {
    return Words.mode(request.getTransType()) == TransactionMode.WORKFLOW
        ? endWorkflow(request)
        : start(request);
  }

  private Status start(DtmRequest request) {
    var asked = mapper.toRequest(request);
    return OutcomeStatuses.submitted(
        asked.gid(), request.getTransType(), coordinator.submit(asked));
  }

  private Status endWorkflow(DtmRequest request) {
    var gid = Fields.gid(request.getGid());
    var extra = request.getReqExtraMap();
    return OutcomeStatuses.submitted(
        gid,
        request.getTransType(),
        coordinator.endWorkflow(
            gid,
            end(extra.getOrDefault(Keys.STATUS, "")),
            extra.getOrDefault(Keys.ROLLBACK_REASON, ""),
            extra.getOrDefault(Keys.RESULT, "")));
  }

  private static TransactionStatus end(String word) {
    return switch (word) {
      case Statuses.SUCCEED -> TransactionStatus.SUCCEEDED;
      case Statuses.FAILED -> TransactionStatus.FAILED;
      default ->
          throw InvalidRequest.of(
              Fields.REQUEST_EXTRA + "." + Keys.STATUS, word, "succeed or failed");
    };
  }

  private Status abort(DtmRequest request) {
    var gid = Fields.gid(request.getGid());
    var mode = Words.mode(request.getTransType());
    return OutcomeStatuses.aborted(
        gid, request.getTransType(), coordinator.abort(gid, mode, request.getRollbackReason()));
  }

  private Status register(DtmBranchRequest request) {
    var gid = Fields.gid(request.getGid());
    var mode = Words.mode(request.getTransType());
    var branches = BranchMapper.toBranches(mode, request);
    return OutcomeStatuses.registered(
        gid, request.getTransType(), coordinator.register(gid, mode, branches));
  }

  private Answer<DtmProgressesReply> prepareWorkflow(DtmRequest request) {
    if (Words.mode(request.getTransType()) != TransactionMode.WORKFLOW) {
      throw InvalidRequest.of(Fields.TRANS_TYPE, request.getTransType(), "workflow");
    }
    var asked = mapper.toRequest(request);
    var outcome = coordinator.prepareWorkflow(asked);
    return outcome instanceof CommandOutcome.Found(var transaction)
        ? new Answer.Message<>(progresses(transaction))
        : new Answer.Refused<>(
            OutcomeStatuses.prepared(asked.gid(), request.getTransType(), outcome));
  }

  private static DtmProgressesReply progresses(GlobalTransaction transaction) {
    var progress = transaction.progress();
    var reply =
        DtmProgressesReply.newBuilder()
            .setTransaction(
                DtmTransaction.newBuilder()
                    .setGid(transaction.gid().value())
                    .setStatus(Words.of(transaction.status()))
                    .setRollbackReason(progress.rollbackReason())
                    .setResult(progress.result()));
    transaction.branches().forEach(branch -> reply.addProgresses(progress(branch)));
    return reply.build();
  }

  private static DtmProgress progress(Branch branch) {
    return DtmProgress.newBuilder()
        .setStatus(Words.of(branch.status()))
        .setBinData(UnsafeByteOperations.unsafeWrap(branch.payload().bytes()))
        .setBranchID(branch.branchId())
        .setOp(branch.operation().name())
        .build();
  }

  private Status subscribe(DtmTopicRequest request) {
    return OutcomeStatuses.of(topics.subscribe(topic(request), url(request), request.getRemark()));
  }

  private Status unsubscribe(DtmTopicRequest request) {
    return OutcomeStatuses.of(topics.unsubscribe(topic(request), url(request)));
  }

  private Status deleteTopic(DtmTopicRequest request) {
    return OutcomeStatuses.of(topics.delete(topic(request)));
  }

  private static String topic(DtmTopicRequest request) {
    if (request.getTopic().isEmpty()) {
      throw InvalidRequest.saying("empty topic");
    }
    return Fields.name("Topic", request.getTopic());
  }

  private static String url(DtmTopicRequest request) {
    if (request.getURL().isEmpty()) {
      throw InvalidRequest.saying("empty url");
    }
    return Fields.address("URL", request.getURL());
  }
}
