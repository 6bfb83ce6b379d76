package io.dtm.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dtm.client.ManagerReply;
import io.dtm.client.Payload;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionRefused;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.SubmitJson;
import io.dtm.protocol.TransTypes;
import io.dtm.protocol.WorkflowDataJson;
import io.dtm.workflow.WorkflowResult.RolledBack;
import io.dtm.workflow.WorkflowResult.Succeeded;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between workflows and the JSON of the wire. Thread-safe. */
final class ManagerJson {
  private final JsonMapper json = JsonMapper.builder().build();

  /**
   * The body of a command.
   *
   * @param extra what it says beyond the workflow itself
   */
  String command(WorkflowRequest request, Map<String, String> extra) {
    return write(
        new SubmitJson(
            request.gid(),
            TransTypes.WORKFLOW,
            List.of(),
            List.of(),
            request.resumeAddress(),
            "",
            write(new WorkflowDataJson(request.name(), base64(request.input()))),
            "",
            extra,
            request.options()));
  }

  private static @Nullable String base64(Payload input) {
    return input.isEmpty() ? null : Base64.getEncoder().encodeToString(input.bytes());
  }

  String write(Object body) {
    try {
      return json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("body: cannot be written as JSON", e);
    }
  }

  /**
   * What the manager knows of a workflow.
   *
   * @throws TransactionRefused when the gid belongs to something else
   */
  FoundWorkflow found(WorkflowRequest request, ManagerReply reply) {
    var body = object(reply.body());
    var transaction = body.path(Keys.TRANSACTION);
    if (!transaction.isObject()) {
      throw notUnderstood(reply, "no member 'transaction'");
    }
    var mode = transaction.path(Keys.TRANS_TYPE).asText(TransTypes.WORKFLOW);
    if (!mode.equals(TransTypes.WORKFLOW)) {
      throw new TransactionRefused(
          "%s: gid %s is that of a %s (expected: workflow)"
              .formatted(reply.manager(), request.gid(), mode));
    }
    try {
      return new FoundWorkflow(
          end(request.gid(), transaction, reply), history(request, body.path(Keys.PROGRESSES)));
    } catch (IllegalArgumentException e) {
      throw notUnderstood(reply, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<WorkflowResult<Payload>> end(
      String gid, JsonNode transaction, ManagerReply reply) {
    var status = transaction.path(Keys.STATUS).asText();
    return switch (status) {
      case Statuses.PREPARED -> Optional.empty();
      case Statuses.SUCCEED ->
          Optional.of(new Succeeded<>(gid, Payload.of(bytes(transaction.path(Keys.RESULT)))));
      case Statuses.FAILED ->
          Optional.of(
              new RolledBack<>(gid, reason(transaction.path(Keys.ROLLBACK_REASON).asText())));
      default -> throw notUnderstood(reply, "status '%s' of a workflow".formatted(status));
    };
  }

  private static History history(WorkflowRequest request, JsonNode progresses) {
    var history = new History(request.gid(), request.name());
    for (var progress : progresses) {
      var isRefused = progress.path(Keys.STATUS).asText().equals(Statuses.FAILED);
      history.add(
          progress.path(Keys.BRANCH_ID).asText(),
          progress.path(Keys.OP).asText(),
          StepRecord.read(isRefused, bytes(progress.path(Keys.BIN_DATA))));
    }
    return history;
  }

  /** The word that ends the reasons of other clients is for machines. */
  private static String reason(String text) {
    return text.endsWith(Messages.FAILURE_SUFFIX)
        ? text.substring(0, text.length() - Messages.FAILURE_SUFFIX.length())
        : text;
  }

  private static byte[] bytes(JsonNode base64) {
    return Base64.getDecoder().decode(base64.asText(""));
  }

  /** What a manager had to say. */
  String message(ManagerReply reply) {
    var message = object(reply.body()).path(Keys.MESSAGE).asText("");
    return "%s answered %d: %s".formatted(reply.manager(), reply.status(), message);
  }

  private JsonNode object(String text) {
    try {
      var node = json.readTree(text);
      return node.isObject() ? node : MissingNode.getInstance();
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // whoever asked decides what that means
    }
  }

  private static TransactionManagerUnavailable notUnderstood(ManagerReply reply, String why) {
    return new TransactionManagerUnavailable(
        "%s: answer not understood (%s)".formatted(reply.manager(), why), null);
  }
}
