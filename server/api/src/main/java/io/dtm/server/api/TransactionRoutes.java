package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.protocol.SubmitJson;
import io.dtm.server.api.OutcomeReplies.Command;
import io.dtm.server.core.Gid;
import io.dtm.server.engine.Coordinator;

/** Commands on one transaction. */
final class TransactionRoutes {
  private static final String CANNOT_RESET = "current status '%s', cannot reset. FAILURE";

  private final Coordinator coordinator;
  private final SubmitReader reader;
  private final SubmitMapper mapper;
  private final OutcomeReplies outcomes;

  TransactionRoutes(
      Coordinator coordinator, SubmitReader reader, SubmitMapper mapper, OutcomeReplies outcomes) {
    this.coordinator = coordinator;
    this.reader = reader;
    this.mapper = mapper;
    this.outcomes = outcomes;
  }

  Reply prepare(EdgeRequest request) {
    var json = read(request);
    var asked = mapper.toRequest(json);
    return outcomes.reply(
        command(json, asked.gid(), Messages.CANNOT_PREPARE), coordinator.prepare(asked));
  }

  Reply submit(EdgeRequest request) {
    var json = read(request);
    var asked = mapper.toRequest(json);
    return outcomes.reply(
        command(json, asked.gid(), Messages.CANNOT_SUBMIT), coordinator.submit(asked));
  }

  Reply abort(EdgeRequest request) {
    var json = read(request);
    var gid = Gids.parse(json.gid());
    var mode = Words.mode(Keys.TRANS_TYPE, json.transType());
    var command =
        new Command(
            gid,
            json.transType(),
            wrong ->
                Messages.CANNOT_ABORT.formatted(Words.of(wrong.mode()), Words.of(wrong.actual())));
    return outcomes.reply(command, coordinator.abort(gid, mode, json.rollbackReason()));
  }

  Reply forceStop(EdgeRequest request) {
    var json = read(request);
    var gid = Gids.parse(json.gid());
    return outcomes.reply(
        command(json, gid, Messages.CANNOT_FORCE_STOP), coordinator.forceStop(gid));
  }

  Reply resetNextCronTime(EdgeRequest request) {
    var json = read(request);
    var gid = Gids.parse(json.gid());
    return outcomes.reply(command(json, gid, CANNOT_RESET), coordinator.retryNow(gid));
  }

  /**
   * @param refusal to be completed with the transaction's status
   */
  private static Command command(SubmitJson json, Gid gid, String refusal) {
    return new Command(gid, json.transType(), wrong -> refusal.formatted(Words.of(wrong.actual())));
  }

  private SubmitJson read(EdgeRequest request) {
    return reader.read(request.body());
  }
}
