package io.dtm.workflow;

import io.dtm.client.ManagerOperation;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.client.ManagerTransport;
import io.dtm.client.Payload;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionRefused;
import io.dtm.protocol.Keys;
import io.dtm.protocol.RegistrationJson;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.TransTypes;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What managers are asked about workflows. Blocks for their answers. Thread-safe. */
final class WorkflowCommands {
  private static final int OK = 200;

  private final ManagerTransport managers;
  private final ManagerJson json = new ManagerJson();

  WorkflowCommands(ManagerTransport managers) {
    this.managers = managers;
  }

  /**
   * Stores the workflow, or finds the one that is there.
   *
   * @throws TransactionRefused when it is wrong, or its gid belongs to something else
   * @throws TransactionManagerUnavailable when no manager could tell
   */
  FoundWorkflow prepare(WorkflowRequest request) {
    var reply =
        ask(ManagerOperation.PREPARE_WORKFLOW, request.gid(), json.command(request, Map.of()));
    if (reply.status() == OK) {
      return json.found(request, reply);
    }
    if (isWrong(reply)) {
      throw new TransactionRefused(json.message(reply));
    }
    throw new TransactionManagerUnavailable(json.message(reply), null);
  }

  /**
   * Records how a step ended, or that it was undone or made final.
   *
   * @throws NotRecorded when the manager does not take it
   * @throws TransactionManagerUnavailable when it is not known to be recorded
   */
  void record(
      WorkflowRequest request, String branchId, String operation, boolean failed, Payload data) {
    var registration =
        new RegistrationJson(
            request.gid(),
            TransTypes.WORKFLOW,
            branchId,
            null,
            null,
            null,
            null,
            operation,
            failed ? Statuses.FAILED : Statuses.SUCCEED);
    var payloads = data.isEmpty() ? List.<Payload>of() : List.of(data);
    requireTaken(
        ask(
            new ManagerRequest(
                ManagerOperation.REGISTER_BRANCH,
                request.gid(),
                json.write(registration),
                payloads)));
  }

  /** Reports that it succeeded; throws as {@link #record}. */
  void succeed(WorkflowRequest request, Payload result) {
    end(
        request,
        Map.of(
            Keys.STATUS,
            Statuses.SUCCEED,
            Keys.RESULT,
            Base64.getEncoder().encodeToString(result.bytes())));
  }

  /** Reports that it was undone; throws as {@link #record}. */
  void fail(WorkflowRequest request, String reason) {
    end(request, Map.of(Keys.STATUS, Statuses.FAILED, Keys.ROLLBACK_REASON, reason));
  }

  private void end(WorkflowRequest request, Map<String, String> extra) {
    requireTaken(ask(ManagerOperation.SUBMIT, request.gid(), json.command(request, extra)));
  }

  /**
   * Has it tried no more until somebody has looked at it. DTM itself cannot, and goes on trying.
   */
  void park(WorkflowRequest request, HistoryChanged changed) {
    var extra = Map.of(Keys.PARKED_REASON, String.valueOf(changed.getMessage()));
    try {
      var reply = ask(ManagerOperation.PARK_WORKFLOW, request.gid(), json.command(request, extra));
      if (reply.status() != OK) {
        changed.addSuppressed(new NotRecorded(json.message(reply)));
      }
    } catch (TransactionManagerUnavailable e) {
      changed.addSuppressed(e);
    }
  }

  private void requireTaken(ManagerReply reply) {
    if (reply.status() == OK) {
      return;
    }
    if (isWrong(reply)) {
      throw new NotRecorded(json.message(reply));
    }
    throw new TransactionManagerUnavailable(json.message(reply), null);
  }

  private static boolean isWrong(ManagerReply reply) {
    return reply.status() >= 400 && reply.status() < 500;
  }

  private ManagerReply ask(ManagerOperation operation, String gid, String body) {
    return ask(new ManagerRequest(operation, gid, body, List.of()));
  }

  private ManagerReply ask(ManagerRequest request) {
    return Answers.await(managers.call(request));
  }
}
