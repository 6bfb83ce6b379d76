package io.dtm.server.api.grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import io.dtm.protocol.Messages;
import io.dtm.protocol.grpc.BranchView;
import io.dtm.protocol.grpc.OversightGrpc;
import io.dtm.protocol.grpc.Parking;
import io.dtm.protocol.grpc.TransactionName;
import io.dtm.protocol.grpc.TransactionView;
import io.dtm.server.api.grpc.Answers.Answer;
import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.engine.Coordinator;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.time.Instant;

/**
 * The service {@code dtmjava.Oversight}: how a transaction stands, and stepping in. Thread-safe.
 */
final class OversightService {
  private final Coordinator coordinator;
  private final Answers answers;

  OversightService(Coordinator coordinator, Answers answers) {
    this.coordinator = coordinator;
    this.answers = answers;
  }

  /** What is to be served. */
  ServerServiceDefinition definition() {
    return new UnaryMethods(answers)
        .add(OversightGrpc.getQueryMethod(), TransactionName.parser(), this::query)
        .add(OversightGrpc.getForceStopMethod(), TransactionName.parser(), this::forceStop)
        .add(OversightGrpc.getRetryNowMethod(), TransactionName.parser(), this::retryNow)
        .add(OversightGrpc.getParkWorkflowMethod(), Parking.parser(), this::parkWorkflow)
        .of(OversightGrpc.getServiceDescriptor());
  }

  private Answer<TransactionView> query(TransactionName name) {
    var gid = Fields.gid(name.getGid());
    return coordinator
        .find(gid)
        .<Answer<TransactionView>>map(found -> new Answer.Message<>(view(found)))
        .orElseGet(() ->
            new Answer.Refused<>(
                Status.NOT_FOUND.withDescription(Messages.UNKNOWN_GID.formatted(gid))));
  }

  private Answer<Empty> forceStop(TransactionName name) {
    var gid = Fields.gid(name.getGid());
    return Answer.of(
        OutcomeStatuses.forceStopped(gid, coordinator.forceStop(gid)), Empty::getDefaultInstance);
  }

  private Answer<Empty> retryNow(TransactionName name) {
    var gid = Fields.gid(name.getGid());
    return Answer.of(
        OutcomeStatuses.retried(gid, coordinator.retryNow(gid)), Empty::getDefaultInstance);
  }

  private Answer<Empty> parkWorkflow(Parking parking) {
    var gid = Fields.gid(parking.getGid());
    if (parking.getReason().isEmpty()) {
      throw InvalidRequest.of("reason", "", "a reason for operators");
    }
    return Answer.of(
        OutcomeStatuses.parked(gid, coordinator.parkWorkflow(gid, parking.getReason())),
        Empty::getDefaultInstance);
  }

  private static TransactionView view(GlobalTransaction stored) {
    var progress = stored.progress();
    var view =
        TransactionView.newBuilder()
            .setGid(stored.gid().value())
            .setTransType(Words.of(stored.mode()))
            .setStatus(Words.of(stored.status()))
            .setRollbackReason(progress.rollbackReason())
            .setResult(progress.result())
            .setCreateTime(timestamp(stored.definition().createdAt()))
            .setUpdateTime(timestamp(progress.updatedAt()));
    if (progress.finishedAt() != null) {
      view.setFinishTime(timestamp(progress.finishedAt()));
    }
    var parking = stored.schedule().parking();
    if (parking != null) {
      view.setParkedReason(parking.reason()).setParkedSince(timestamp(parking.since()));
    } else if (!stored.status().isFinal()) {
      view.setNextCronTime(timestamp(stored.schedule().dueAt()));
    }
    stored.branches().forEach(branch -> view.addBranches(view(branch)));
    return view.build();
  }

  private static BranchView view(Branch branch) {
    var progress = branch.progress();
    var view =
        BranchView.newBuilder()
            .setBranchId(branch.branchId())
            .setOp(branch.operation().name())
            .setUrl(branch.url())
            .setStatus(Words.of(branch.status()))
            .setCreateTime(timestamp(progress.createdAt()))
            .setUpdateTime(timestamp(progress.updatedAt()));
    if (progress.finishedAt() != null) {
      view.setFinishTime(timestamp(progress.finishedAt()));
    }
    return view.build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
