package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.protocol.RegistrationJson;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.SubmitJson;
import io.dtm.server.api.OutcomeAnswers.Command;
import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.Coordinator;

/**
 * Commands on one transaction, by whatever protocol they come. Thread-safe. Every method throws
 * {@link InvalidRequest} when the request is at fault.
 */
final class Commands {
  private static final String CANNOT_RESET = "current status '%s', cannot reset. FAILURE";

  private final Coordinator coordinator;
  private final SubmitMapper mapper;
  private final RegistrationMapper registrations;
  private final OutcomeAnswers outcomes;

  Commands(
      Coordinator coordinator,
      SubmitMapper mapper,
      RegistrationMapper registrations,
      OutcomeAnswers outcomes) {
    this.coordinator = coordinator;
    this.mapper = mapper;
    this.registrations = registrations;
    this.outcomes = outcomes;
  }

  Answer prepare(SubmitJson json, TraceContext trace) {
    var asked = mapper.toRequest(json, trace);
    return outcomes.answer(
        command(json, asked.gid(), Messages.CANNOT_PREPARE), coordinator.prepare(asked));
  }

  Answer submit(SubmitJson json, TraceContext trace) {
    if (mode(json) == TransactionMode.WORKFLOW) {
      return endWorkflow(json);
    }
    var asked = mapper.toRequest(json, trace);
    return outcomes.answer(
        command(json, asked.gid(), Messages.CANNOT_SUBMIT), coordinator.submit(asked));
  }

  /** What a workflow's client submits is its end. */
  private Answer endWorkflow(SubmitJson json) {
    var gid = Gids.parse(json.gid());
    var extra = json.requestExtra();
    var outcome =
        coordinator.endWorkflow(
            gid,
            workflowEnd(extra.getOrDefault(Keys.STATUS, "")),
            extra.getOrDefault(Keys.ROLLBACK_REASON, json.rollbackReason()),
            extra.getOrDefault(Keys.RESULT, ""));
    return outcomes.answer(command(json, gid, Messages.CANNOT_SUBMIT), outcome);
  }

  private static TransactionStatus workflowEnd(String word) {
    return switch (word) {
      case Statuses.SUCCEED -> TransactionStatus.SUCCEEDED;
      case Statuses.FAILED -> TransactionStatus.FAILED;
      default ->
          throw InvalidRequest.of(
              Keys.REQ_EXTRA + "." + Keys.STATUS,
              word.isEmpty() ? "missing" : word,
              "one of " + Statuses.SUCCEED + ", " + Statuses.FAILED);
    };
  }

  Answer abort(SubmitJson json) {
    var gid = Gids.parse(json.gid());
    var mode = mode(json);
    var command =
        new Command(
            gid,
            json.transType(),
            TransactionStatus.FAILED,
            wrong ->
                Messages.CANNOT_ABORT.formatted(Words.of(wrong.mode()), Words.of(wrong.actual())));
    return outcomes.answer(command, coordinator.abort(gid, mode, json.rollbackReason()));
  }

  Answer forceStop(SubmitJson json) {
    var gid = Gids.parse(json.gid());
    return outcomes.answer(
        command(json, gid, Messages.CANNOT_FORCE_STOP), coordinator.forceStop(gid));
  }

  Answer resetNextCronTime(SubmitJson json) {
    var gid = Gids.parse(json.gid());
    return outcomes.answer(command(json, gid, CANNOT_RESET), coordinator.retryNow(gid));
  }

  Answer prepareWorkflow(SubmitJson json, TraceContext trace) {
    if (mode(json) != TransactionMode.WORKFLOW) {
      throw InvalidRequest.of(
          Keys.TRANS_TYPE, json.transType(), Words.of(TransactionMode.WORKFLOW));
    }
    var asked = mapper.toRequest(json, trace);
    return outcomes.answer(
        command(json, asked.gid(), Messages.CANNOT_PREPARE), coordinator.prepareWorkflow(asked));
  }

  /** Ours: what a workflow's client says of one that it cannot go on with. */
  Answer parkWorkflow(SubmitJson json) {
    var gid = Gids.parse(json.gid());
    var reason = json.requestExtra().getOrDefault(Keys.PARKED_REASON, "");
    if (reason.isEmpty()) {
      throw InvalidRequest.of(
          Keys.REQ_EXTRA + "." + Keys.PARKED_REASON, "missing", "a reason for operators");
    }
    return outcomes.answer(
        command(json, gid, Messages.CANNOT_PARK), coordinator.parkWorkflow(gid, reason));
  }

  Answer registerBranch(RegistrationJson json) {
    var asked = registrations.toRegistration(json);
    var refusal = Messages.NO_PREPARED_TRANSACTION.formatted(asked.gid());
    var outcome = coordinator.register(asked.gid(), asked.mode(), asked.branches());
    if (outcome instanceof CommandOutcome.NotFound) {
      return new Answer.Refused(refusal);
    }
    var command =
        new Command(asked.gid(), json.transType(), TransactionStatus.SUCCEEDED, wrong -> refusal);
    return outcomes.answer(command, outcome);
  }

  private static TransactionMode mode(SubmitJson json) {
    return Words.mode(Keys.TRANS_TYPE, json.transType());
  }

  /**
   * @param refusal to be completed with the transaction's status
   */
  private static Command command(SubmitJson json, Gid gid, String refusal) {
    return new Command(
        gid,
        json.transType(),
        TransactionStatus.SUCCEEDED,
        wrong -> refusal.formatted(Words.of(wrong.actual())));
  }
}
