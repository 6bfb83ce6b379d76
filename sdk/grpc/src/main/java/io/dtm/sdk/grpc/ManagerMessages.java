package io.dtm.sdk.grpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Results;
import io.dtm.protocol.grpc.BranchView;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmProgressesReply;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTopicRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import io.dtm.protocol.grpc.Parking;
import io.dtm.protocol.grpc.TransactionName;
import io.dtm.protocol.grpc.TransactionView;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Between the JSON that the client speaks and the messages of the wire. Thread-safe. */
final class ManagerMessages {
  /** A command that was carried out. */
  static final String DONE = "{\"%s\":\"%s\"}".formatted(Keys.DTM_RESULT, Results.SUCCESS);

  /** What may be asked of a branch, and how a workflow's step ended. */
  private static final List<String> BRANCH_DATA =
      List.of(Keys.CONFIRM, Keys.CANCEL, Keys.URL, Keys.OP, Keys.STATUS);

  private final JsonMapper json = JsonMapper.builder().build();

  DtmRequest transaction(ManagerRequest request) {
    var body = read(request);
    var message =
        DtmRequest.newBuilder()
            .setGid(request.gid())
            .setTransType(text(body, Keys.TRANS_TYPE))
            .setTransOptions(options(body))
            .setCustomData(text(body, Keys.CUSTOM_DATA))
            .setQueryPrepared(text(body, Keys.QUERY_PREPARED))
            .setRollbackReason(text(body, Keys.ROLLBACK_REASON))
            .putAllReqExtra(texts(body.path(Keys.REQ_EXTRA)));
    if (body.path(Keys.STEPS).isArray()) {
      message.setSteps(body.path(Keys.STEPS).toString());
    }
    request
        .payloads()
        .forEach(payload -> message.addBinPayloads(ByteString.copyFrom(payload.bytes())));
    return message.build();
  }

  private static DtmTransOptions options(JsonNode body) {
    return DtmTransOptions.newBuilder()
        .setWaitResult(body.path(Keys.WAIT_RESULT).asBoolean())
        .setTimeoutToFail(body.path(Keys.TIMEOUT_TO_FAIL).asLong())
        .setRequestTimeout(body.path(Keys.REQUEST_TIMEOUT).asLong())
        .setRetryInterval(body.path(Keys.RETRY_INTERVAL).asLong())
        .setRetryLimit(body.path(Keys.RETRY_LIMIT).asLong())
        .setRetryFactor(body.path(Keys.RETRY_FACTOR).asLong())
        .setRetryMaxInterval(body.path(Keys.RETRY_MAX_INTERVAL).asLong())
        .setRetryMaxAttempts(body.path(Keys.RETRY_MAX_ATTEMPTS).asLong())
        .setRetryMaxAge(body.path(Keys.RETRY_MAX_AGE).asLong())
        .setConcurrent(body.path(Keys.CONCURRENT).asBoolean())
        .putAllBranchHeaders(texts(body.path(Keys.BRANCH_HEADERS)))
        .build();
  }

  DtmBranchRequest branch(ManagerRequest request) {
    var body = read(request);
    var message =
        DtmBranchRequest.newBuilder()
            .setGid(request.gid())
            .setTransType(text(body, Keys.TRANS_TYPE))
            .setBranchID(text(body, Keys.BRANCH_ID));
    BRANCH_DATA.stream()
        .filter(body::hasNonNull)
        .forEach(name -> message.putData(name, text(body, name)));
    request
        .payloads()
        .forEach(payload -> message.setBusiPayload(ByteString.copyFrom(payload.bytes())));
    return message.build();
  }

  TransactionName name(ManagerRequest request) {
    return TransactionName.newBuilder().setGid(request.gid()).build();
  }

  Parking parking(ManagerRequest request) {
    var extra = read(request).path(Keys.REQ_EXTRA);
    return Parking.newBuilder()
        .setGid(request.gid())
        .setReason(text(extra, Keys.PARKED_REASON))
        .build();
  }

  DtmTopicRequest topic(ManagerRequest request) {
    var body = read(request);
    return DtmTopicRequest.newBuilder()
        .setTopic(request.gid())
        .setURL(text(body, Keys.URL))
        .setRemark(text(body, Keys.REMARK))
        .build();
  }

  /** As REST answers a query. */
  String query(TransactionView view) {
    var reply = json.createObjectNode();
    var branches = reply.putArray(Keys.BRANCHES);
    view.getBranchesList().forEach(branch -> branches.add(branch(view.getGid(), branch)));
    var transaction = reply.putObject(Keys.TRANSACTION);
    transaction
        .put(Keys.ID, 0)
        .put(Keys.GID, view.getGid())
        .put(Keys.TRANS_TYPE, view.getTransType())
        .put(Keys.STATUS, view.getStatus())
        .put(Keys.ROLLBACK_REASON, view.getRollbackReason())
        .put(Keys.RESULT, view.getResult())
        .put(Keys.PARKED_REASON, view.getParkedReason())
        .put(Keys.CREATE_TIME, time(view.getCreateTime()))
        .put(Keys.UPDATE_TIME, time(view.getUpdateTime()));
    if (view.hasFinishTime()) {
      transaction.put(Keys.FINISH_TIME, time(view.getFinishTime()));
    }
    if (view.hasNextCronTime()) {
      transaction.put(Keys.NEXT_CRON_TIME, time(view.getNextCronTime()));
    }
    if (view.hasParkedSince()) {
      transaction.put(Keys.PARKED_SINCE, time(view.getParkedSince()));
    }
    return reply.toString();
  }

  private ObjectNode branch(String gid, BranchView view) {
    var branch = json.createObjectNode();
    branch
        .put(Keys.ID, 0)
        .put(Keys.GID, gid)
        .put(Keys.BRANCH_ID, view.getBranchId())
        .put(Keys.OP, view.getOp())
        .put(Keys.URL, view.getUrl())
        .put(Keys.STATUS, view.getStatus())
        .put(Keys.CREATE_TIME, time(view.getCreateTime()))
        .put(Keys.UPDATE_TIME, time(view.getUpdateTime()));
    if (view.hasFinishTime()) {
      branch.put(Keys.FINISH_TIME, time(view.getFinishTime()));
    }
    return branch;
  }

  /** As REST answers to the preparation of a workflow. */
  String progresses(DtmProgressesReply message) {
    var reply = json.createObjectNode();
    var progresses = reply.putArray(Keys.PROGRESSES);
    for (var progress : message.getProgressesList()) {
      progresses
          .addObject()
          .put(Keys.BRANCH_ID, progress.getBranchID())
          .put(Keys.OP, progress.getOp())
          .put(Keys.STATUS, progress.getStatus())
          .put(
              Keys.BIN_DATA,
              Base64.getEncoder().encodeToString(progress.getBinData().toByteArray()));
    }
    reply
        .putObject(Keys.TRANSACTION)
        .put(Keys.GID, message.getTransaction().getGid())
        .put(Keys.STATUS, message.getTransaction().getStatus())
        .put(Keys.ROLLBACK_REASON, message.getTransaction().getRollbackReason())
        .put(Keys.RESULT, message.getTransaction().getResult());
    return reply.toString();
  }

  ManagerReply refusal(String target, int status, String message) {
    return new ManagerReply(
        target, status, json.createObjectNode().put(Keys.MESSAGE, message).toString());
  }

  private JsonNode read(ManagerRequest request) {
    try {
      return json.readTree(request.json());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("json: no JSON (expected: an object)", e);
    }
  }

  private static String text(JsonNode body, String name) {
    return body.path(name).asText("");
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new LinkedHashMap<String, String>();
    object.properties().forEach(member -> texts.put(member.getKey(), member.getValue().asText()));
    return texts;
  }

  private static String time(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
  }
}
