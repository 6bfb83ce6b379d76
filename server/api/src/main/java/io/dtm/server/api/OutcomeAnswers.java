package io.dtm.server.api;

import io.dtm.protocol.Messages;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells the client what came of its command. Thread-safe. */
final class OutcomeAnswers {
  private final TransactionMapper mapper;

  OutcomeAnswers(TransactionMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * What the client asked for.
   *
   * @param transType the type of transaction that it named; empty when it need not name one
   * @param aim the status that a client which waits wants to hear of
   * @param refusal what to say when the transaction's status does not allow it
   */
  record Command(
      Gid gid, String transType, TransactionStatus aim, Function<WrongStatus, String> refusal) {}

  Answer answer(Command command, CommandOutcome outcome) {
    return switch (outcome) {
      case Accepted ignored -> new Answer.Done();
      case PassEnded(var transaction, var unsettled) ->
          afterPass(command.aim(), transaction, unsettled);
      case WrongStatus wrong -> new Answer.Refused(command.refusal().apply(wrong));
      case WrongMode(var stored) ->
          new Answer.Refused(
              "trans_type: %s (expected: %s, as %s was created). FAILURE"
                  .formatted(command.transType(), Words.of(stored), command.gid()));
      case NotFound ignored ->
          new Answer.Failed(404, Messages.UNKNOWN_GID.formatted(command.gid()));
      case Overloaded(var retryAfter) ->
          new Answer.TryAgain(
              "overloaded: too many transactions in work, nothing was stored", retryAfter);
      case UnknownTopic ignored -> new Answer.Failed(404, Messages.TOPIC_NOT_FOUND);
      case BranchExists exists -> branchExists(command, exists);
      case TooManyBranches(var max) ->
          new Answer.Failed(
              400, "branches: too many for one transaction (expected: at most %d)".formatted(max));
      case Found(var transaction) -> new Answer.Value(mapper.workflow(transaction));
    };
  }

  /**
   * A workflow that runs twice at once may record a step twice. The second run must hear of an
   * error, but not of a failure: it would take that for the step's own and turn back what the first
   * run has done.
   */
  private static Answer branchExists(Command command, BranchExists exists) {
    var message =
        "branch %s %s: exists with other content"
            .formatted(exists.branchId(), exists.operation().name());
    return command.transType().equals(Words.of(TransactionMode.WORKFLOW))
        ? new Answer.Failed(409, message)
        : new Answer.Refused(message + "." + Messages.FAILURE_SUFFIX);
  }

  /**
   * A client that waited takes anything but success for a failure, also when the transaction merely
   * goes on.
   */
  private static Answer afterPass(
      TransactionStatus aim, GlobalTransaction transaction, @Nullable BranchResult unsettled) {
    if (transaction.status() == aim) {
      return new Answer.Done();
    }
    if (transaction.status().isFinal() || transaction.mode() == TransactionMode.SAGA) {
      return notSuccess(transaction);
    }
    return switch (unsettled) {
      case null -> goesOn(aim, transaction);
      case BranchResult.Succeeded ignored -> goesOn(aim, transaction);
      case BranchResult.Refused(var message) ->
          new Answer.Refused(Messages.RESULT_NOT_SPECIFIED + withSuffix(message));
      case BranchResult.Ongoing ignored -> ongoing(transaction);
      case BranchResult.Deferred ignored -> ongoing(transaction);
      // not our error, but the status by which clients know one that may yet turn out well
      case BranchResult.Unclear(var message, var ignored) ->
          new Answer.Failed(500, Messages.RESULT_NOT_SPECIFIED + message);
    };
  }

  /** An abort that was taken up is all that its client can expect. */
  private static Answer goesOn(TransactionStatus aim, GlobalTransaction transaction) {
    return aim == TransactionStatus.FAILED ? new Answer.Done() : notSuccess(transaction);
  }

  private static Answer ongoing(GlobalTransaction transaction) {
    return transaction.mode() == TransactionMode.MESSAGE
        ? notSuccess(transaction)
        : new Answer.Ongoing();
  }

  private static Answer notSuccess(GlobalTransaction transaction) {
    var reason = transaction.progress().rollbackReason();
    return new Answer.Refused(
        reason.isEmpty() ? Messages.WAIT_RESULT_NOT_SUCCESS : withSuffix(reason));
  }

  private static String withSuffix(String text) {
    return text.endsWith(Messages.FAILURE_SUFFIX) ? text : text + Messages.FAILURE_SUFFIX;
  }
}
