package io.dtm.server.api;

import io.dtm.protocol.Messages;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.CommandOutcome.Accepted;
import io.dtm.server.engine.CommandOutcome.BranchExists;
import io.dtm.server.engine.CommandOutcome.Found;
import io.dtm.server.engine.CommandOutcome.NotFound;
import io.dtm.server.engine.CommandOutcome.Overloaded;
import io.dtm.server.engine.CommandOutcome.PassEnded;
import io.dtm.server.engine.CommandOutcome.UnknownTopic;
import io.dtm.server.engine.CommandOutcome.WrongMode;
import io.dtm.server.engine.CommandOutcome.WrongStatus;
import java.util.function.Function;

/** Tells the client what came of its command. */
final class OutcomeReplies {
  private final Replies replies;
  private final TransactionMapper mapper;

  OutcomeReplies(Replies replies, TransactionMapper mapper) {
    this.replies = replies;
    this.mapper = mapper;
  }

  /**
   * What the client asked for.
   *
   * @param transType the type of transaction that it named; empty when it need not name one
   * @param refusal what to say when the transaction's status does not allow it
   */
  record Command(Gid gid, String transType, Function<WrongStatus, String> refusal) {}

  Reply reply(Command command, CommandOutcome outcome) {
    return switch (outcome) {
      case Accepted accepted -> replies.success();
      case PassEnded ended -> afterPass(ended.transaction());
      case WrongStatus wrong -> replies.failure(command.refusal().apply(wrong));
      case WrongMode wrong ->
          replies.failure(
              "trans_type: %s (expected: %s, as %s was created). FAILURE"
                  .formatted(command.transType(), Words.of(wrong.stored()), command.gid()));
      case NotFound notFound -> replies.error(404, Messages.UNKNOWN_GID.formatted(command.gid()));
      case Overloaded overloaded ->
          replies.tryAgain(
              "overloaded: too many transactions in work, nothing was stored",
              overloaded.retryAfter());
      case UnknownTopic unknown -> replies.error(404, Messages.TOPIC_NOT_FOUND);
      case BranchExists exists ->
          replies.failure(
              "branch %s %s: exists with other content. FAILURE"
                  .formatted(exists.branchId(), exists.operation().name()));
      case Found found -> replies.value(mapper.workflow(found.transaction()));
    };
  }

  /**
   * A client that waited takes anything but success for a failure, also when the transaction merely
   * goes on.
   */
  private Reply afterPass(GlobalTransaction transaction) {
    if (transaction.status() == TransactionStatus.SUCCEEDED) {
      return replies.success();
    }
    var reason = transaction.progress().rollbackReason();
    if (reason.isEmpty()) {
      return replies.failure(Messages.WAIT_RESULT_NOT_SUCCESS);
    }
    return replies.failure(
        reason.endsWith(Messages.FAILURE_SUFFIX) ? reason : reason + Messages.FAILURE_SUFFIX);
  }
}
