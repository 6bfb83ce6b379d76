package io.dtm.server.api.grpc;

import io.dtm.protocol.Messages;
import io.dtm.protocol.Results;
import io.dtm.protocol.TransTypes;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.CommandOutcome.Accepted;
import io.dtm.server.engine.CommandOutcome.BranchExists;
import io.dtm.server.engine.CommandOutcome.Found;
import io.dtm.server.engine.CommandOutcome.NotFound;
import io.dtm.server.engine.CommandOutcome.Overloaded;
import io.dtm.server.engine.CommandOutcome.PassEnded;
import io.dtm.server.engine.CommandOutcome.TooManyBranches;
import io.dtm.server.engine.CommandOutcome.UnknownTopic;
import io.dtm.server.engine.CommandOutcome.WrongMode;
import io.dtm.server.engine.CommandOutcome.WrongStatus;
import io.dtm.server.topics.TopicOutcome;
import io.dtm.server.topics.Topics;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells the client what came of its command: ABORTED is a refusal for good, FAILED_PRECONDITION
 * means still at work.
 */
final class OutcomeStatuses {
  private static final String TOPIC_NOT_FOUND = "topic not found";

  private OutcomeStatuses() {}

  /**
   * What the client asked for.
   *
   * @param transType the type of transaction that it named
   * @param refusal what to say when the transaction's status does not allow it
   * @param unknown what to answer when there is no such transaction
   */
  private record Command(
      Gid gid, String transType, Function<WrongStatus, String> refusal, Status unknown) {

    Command(Gid gid, String transType, Function<WrongStatus, String> refusal) {
      this(
          gid,
          transType,
          refusal,
          Status.NOT_FOUND.withDescription(Messages.UNKNOWN_GID.formatted(gid)));
    }
  }

  static Status prepared(Gid gid, String transType, CommandOutcome outcome) {
    return status(
        new Command(
            gid, transType, wrong -> Messages.CANNOT_PREPARE.formatted(Words.of(wrong.actual()))),
        outcome);
  }

  static Status submitted(Gid gid, String transType, CommandOutcome outcome) {
    var command =
        new Command(
            gid, transType, wrong -> Messages.CANNOT_SUBMIT.formatted(Words.of(wrong.actual())));
    return outcome instanceof PassEnded ended ? afterSubmit(ended) : status(command, outcome);
  }

  static Status aborted(Gid gid, String transType, CommandOutcome outcome) {
    var command =
        new Command(
            gid,
            transType,
            wrong ->
                Messages.CANNOT_ABORT.formatted(Words.of(wrong.mode()), Words.of(wrong.actual())));
    return outcome instanceof PassEnded ended ? afterAbort(ended) : status(command, outcome);
  }

  static Status registered(Gid gid, String transType, CommandOutcome outcome) {
    var refusal = "no trans with gid: %s status: prepared found FAILURE".formatted(gid);
    return status(new Command(gid, transType, wrong -> refusal, failure(refusal)), outcome);
  }

  static Status forceStopped(Gid gid, CommandOutcome outcome) {
    return status(
        new Command(
            gid, "", wrong -> Messages.CANNOT_FORCE_STOP.formatted(Words.of(wrong.actual()))),
        outcome);
  }

  static Status parked(Gid gid, CommandOutcome outcome) {
    return status(
        new Command(
            gid,
            TransTypes.WORKFLOW,
            wrong -> Messages.CANNOT_PARK.formatted(Words.of(wrong.actual()))),
        outcome);
  }

  static Status retried(Gid gid, CommandOutcome outcome) {
    return status(new Command(gid, "", wrong -> Words.of(wrong.actual())), outcome);
  }

  private static Status status(Command command, CommandOutcome outcome) {
    return switch (outcome) {
      case Accepted ignored -> Status.OK;
      case Found ignored -> Status.OK;
      case PassEnded ignored -> Status.OK;
      case WrongStatus wrong -> failure(command.refusal().apply(wrong));
      case WrongMode(var stored) ->
          failure(
              "%s: %s (expected: %s, as %s was created). FAILURE"
                  .formatted(
                      Fields.TRANS_TYPE, command.transType(), Words.of(stored), command.gid()));
      case NotFound ignored -> command.unknown();
      case UnknownTopic ignored -> Status.NOT_FOUND.withDescription(TOPIC_NOT_FOUND);
      case BranchExists(var branchId, var operation) ->
          Status.ALREADY_EXISTS.withDescription(
              "%s: %s has its %s already, with another address or payload"
                  .formatted(Fields.BRANCH_ID, branchId, operation.name()));
      case TooManyBranches(var max) ->
          Status.INVALID_ARGUMENT.withDescription(
              "branches: too many for one transaction (expected: at most %d)".formatted(max));
      case Overloaded ignored ->
          Status.RESOURCE_EXHAUSTED.withDescription(
              "overloaded: too many transactions in work, nothing was stored");
    };
  }

  /**
   * A client that waited takes anything but success for a failure, also when the transaction merely
   * goes on.
   */
  private static Status afterSubmit(PassEnded ended) {
    var transaction = ended.transaction();
    if (transaction.status() == TransactionStatus.SUCCEEDED) {
      return Status.OK;
    }
    var reason = transaction.progress().rollbackReason();
    if (!reason.isEmpty()) {
      return failure(withSuffix(reason));
    }
    return transaction.mode() == TransactionMode.SAGA
        ? failure(Messages.WAIT_RESULT_NOT_SUCCESS)
        : afterPass(transaction, ended.unsettled(), failure(Messages.WAIT_RESULT_NOT_SUCCESS));
  }

  private static Status afterAbort(PassEnded ended) {
    return ended.transaction().status().isFinal()
        ? Status.OK
        : afterPass(ended.transaction(), ended.unsettled(), Status.OK);
  }

  /**
   * What the first branch that was left open has to say, in a mode whose branches cannot refuse.
   */
  private static Status afterPass(
      GlobalTransaction transaction, @Nullable BranchResult unsettled, Status otherwise) {
    return switch (unsettled) {
      case null -> otherwise;
      case BranchResult.Succeeded ignored -> otherwise;
      case BranchResult.Refused(var message) ->
          failure(withSuffix(Messages.RESULT_NOT_SPECIFIED + message));
      case BranchResult.Unclear(var message, var ignored) ->
          Status.UNKNOWN.withDescription(Messages.RESULT_NOT_SPECIFIED + message);
      case BranchResult.Ongoing ignored -> ongoing(transaction, otherwise);
      case BranchResult.Deferred ignored -> ongoing(transaction, otherwise);
    };
  }

  private static Status ongoing(GlobalTransaction transaction, Status otherwise) {
    return transaction.mode() == TransactionMode.MESSAGE
        ? otherwise
        : Status.FAILED_PRECONDITION.withDescription(Results.ONGOING);
  }

  static Status of(TopicOutcome outcome) {
    return switch (outcome) {
      case CHANGED -> Status.OK;
      case NAME_MISSING -> Status.INVALID_ARGUMENT.withDescription(Messages.EMPTY_TOPIC);
      case URL_MISSING -> Status.INVALID_ARGUMENT.withDescription(Messages.EMPTY_URL);
      case URL_EXISTS -> Status.ALREADY_EXISTS.withDescription(Messages.URL_EXISTS);
      case TOPIC_UNKNOWN -> Status.NOT_FOUND.withDescription(Messages.NO_SUCH_TOPIC);
      case TOPIC_EMPTY -> Status.NOT_FOUND.withDescription(Messages.TOPIC_IS_EMPTY);
      case URL_UNKNOWN -> Status.NOT_FOUND.withDescription(Messages.NO_SUCH_URL);
      case TOPIC_FULL ->
          Status.RESOURCE_EXHAUSTED.withDescription(
              "the topic has %d subscribers (expected: fewer)".formatted(Topics.SUBSCRIBERS_MAX));
    };
  }

  private static Status failure(String message) {
    return Status.ABORTED.withDescription(message);
  }

  private static String withSuffix(String reason) {
    return reason.endsWith(Messages.FAILURE_SUFFIX) ? reason : reason + Messages.FAILURE_SUFFIX;
  }
}
