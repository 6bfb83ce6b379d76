package io.dtm.server.api;

import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dtm.protocol.GidJson;
import io.dtm.protocol.JsonRpc;
import io.dtm.protocol.JsonRpcAnswerJson;
import io.dtm.protocol.Results;
import io.dtm.protocol.SubmitJson;
import io.dtm.server.api.JsonRpcReader.Body;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands over JSON-RPC 2.0. Whatever comes of a request stands in the body of its answer;
 * only what is not even JSON-RPC has another status than 200. The requests of a list are carried
 * out one after the other and answered in the same order.
 */
final class JsonRpcRoute {
  private static final Set<String> METHODS =
      Set.of(
          JsonRpc.NEW_GID, JsonRpc.PREPARE, JsonRpc.SUBMIT, JsonRpc.ABORT, JsonRpc.REGISTER_BRANCH);

  /** Stands beside a refusal, where clients look for it. */
  private static final Map<String, String> NOTHING = Map.of();

  private final Commands commands;
  private final GidGenerator gids;
  private final Readers readers;
  private final Replies replies;
  private final Failures failures;

  /** Readers of bodies, and of what stands in them as parameters. */
  record Readers(
      JsonRpcReader requests, SubmitReader transactions, RegistrationReader registrations) {}

  JsonRpcRoute(
      Commands commands, GidGenerator gids, Readers readers, Replies replies, Failures failures) {
    this.commands = commands;
    this.gids = gids;
    this.readers = readers;
    this.replies = replies;
    this.failures = failures;
  }

  Reply answer(EdgeRequest request) {
    try {
      return switch (readers.requests().read(request.body())) {
        case Body.Single(var one) -> single(one, request.trace());
        case Body.Batch(var many) -> batch(many, request.trace());
      };
    } catch (InvalidRequest e) {
      return unreadable(e.explanation());
    }
  }

  private Reply single(JsonRpcRequest request, TraceContext trace) {
    var fault = request.fault();
    return fault == null ? replies.value(answer(request, trace)) : unreadable(fault);
  }

  private Reply batch(List<JsonRpcRequest> requests, TraceContext trace) {
    if (requests.isEmpty() || requests.size() > JsonRpcReader.BATCH_MAX) {
      var complaint =
          InvalidRequest.of(
              "body",
              requests.isEmpty() ? "an empty list" : "more than " + JsonRpcReader.BATCH_MAX,
              "1 to %d requests".formatted(JsonRpcReader.BATCH_MAX));
      return replies.value(badRequest("", complaint.explanation()));
    }
    return replies.value(requests.stream().map(one -> answer(one, trace)).toList());
  }

  private Reply unreadable(String complaint) {
    return replies.unreadable(
        error("", JsonRpc.PARSE_ERROR, JsonRpc.CANNOT_PARSE.formatted(complaint), null));
  }

  private JsonRpcAnswerJson answer(JsonRpcRequest request, TraceContext trace) {
    var complaint = request.complaint();
    if (complaint.isPresent()) {
      return badRequest(request.id(), complaint.get());
    }
    return METHODS.contains(request.method()) ? carryOut(request, trace) : unknownMethod(request);
  }

  private JsonRpcAnswerJson carryOut(JsonRpcRequest request, TraceContext trace) {
    try {
      return answered(
          request.id(),
          switch (request.method()) {
            case JsonRpc.NEW_GID -> new Answer.Value(new GidJson(null, gids.next()));
            case JsonRpc.PREPARE -> commands.prepare(transaction(request), trace);
            case JsonRpc.SUBMIT -> commands.submit(transaction(request), trace);
            case JsonRpc.ABORT -> commands.abort(transaction(request));
            case JsonRpc.REGISTER_BRANCH ->
                commands.registerBranch(readers.registrations().read(params(request)));
            default -> throw new IllegalStateException(request.method() + ": no such method");
          });
    } catch (RuntimeException e) {
      return answered(request.id(), failures.answer(e));
    }
  }

  private static TokenBuffer params(JsonRpcRequest request) {
    var params = request.params();
    if (params == null) {
      throw InvalidRequest.of(JsonRpc.PARAMS, "missing", "a JSON object");
    }
    return params;
  }

  private SubmitJson transaction(JsonRpcRequest request) {
    return readers.transactions().read(params(request));
  }

  private static JsonRpcAnswerJson answered(String id, Answer answer) {
    return switch (answer) {
      case Answer.Done ignored -> success(id, null);
      case Answer.Value(var shape) -> success(id, shape);
      case Answer.Refused(var message) -> error(id, JsonRpc.FAILURE, message, NOTHING);
      case Answer.Ongoing ignored -> error(id, JsonRpc.ONGOING, Results.ONGOING, NOTHING);
      case Answer.Invalid(var message) -> error(id, JsonRpc.INVALID_PARAMS, message, null);
      case Answer.Failed(int ignored, var message) ->
          error(id, JsonRpc.INTERNAL_ERROR, message, null);
      case Answer.TryAgain(var message, var ignored) ->
          error(id, JsonRpc.INTERNAL_ERROR, message, null);
    };
  }

  private static JsonRpcAnswerJson unknownMethod(JsonRpcRequest request) {
    var method = InvalidRequest.shortened(request.method());
    return error(
        request.id(), JsonRpc.METHOD_NOT_FOUND, JsonRpc.UNKNOWN_METHOD.formatted(method), null);
  }

  private static JsonRpcAnswerJson badRequest(String id, String complaint) {
    return error(id, JsonRpc.INVALID_REQUEST, JsonRpc.BAD_REQUEST.formatted(complaint), null);
  }

  private static JsonRpcAnswerJson success(String id, @Nullable Object result) {
    return new JsonRpcAnswerJson(null, id, JsonRpc.VERSION, result);
  }

  private static JsonRpcAnswerJson error(
      String id, int code, String message, @Nullable Object result) {
    return new JsonRpcAnswerJson(
        new JsonRpcAnswerJson.Problem(code, message), id, JsonRpc.VERSION, result);
  }
}
