package io.dtm.interop.conformance;

import com.google.protobuf.ByteString;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client sends about one global transaction, for any wire. */
final class Request {
  static final String PAYLOAD = "{\"amount\":30}";

  private final Map<String, Object> members = new LinkedHashMap<>();
  private final List<Map<String, String>> steps = new ArrayList<>();
  private final List<String> payloads = new ArrayList<>();

  private Request(String gid, String type) {
    members.put("gid", gid);
    members.put("trans_type", type);
  }

  static Request of(String gid, String type) {
    return new Request(gid, type);
  }

  /** Sets a member by its name in JSON. */
  Request with(String member, Object value) {
    members.put(member, value);
    return this;
  }

  Request step(String action, String compensate) {
    steps.add(Map.of("action", action, "compensate", compensate));
    payloads.add(PAYLOAD);
    return this;
  }

  /** A step without a way back, as messages have. */
  Request step(String action) {
    steps.add(Map.of("action", action));
    payloads.add(PAYLOAD);
    return this;
  }

  Map<String, Object> json() {
    var json = new LinkedHashMap<>(members);
    if (!steps.isEmpty()) {
      json.put("steps", steps);
      json.put("payloads", payloads);
    }
    return json;
  }

  DtmRequest grpc() {
    var options =
        DtmTransOptions.newBuilder()
            .setWaitResult((Boolean) members.getOrDefault("wait_result", false))
            .setTimeoutToFail(number("timeout_to_fail"))
            .setRetryInterval(number("retry_interval"))
            .setRequestTimeout(number("request_timeout"))
            .setRetryLimit(number("retry_limit"))
            .putAllBranchHeaders(texts("branch_headers"));
    var request =
        DtmRequest.newBuilder()
            .setGid(text("gid"))
            .setTransType(text("trans_type"))
            .setTransOptions(options)
            .setCustomData(text("custom_data"))
            .setQueryPrepared(text("query_prepared"))
            .setRollbackReason(text("rollback_reason"))
            .putAllReqExtra(texts("req_extra"))
            .setSteps(steps.isEmpty() ? "" : Json.write(steps));
    payloads.forEach(payload -> request.addBinPayloads(ByteString.copyFromUtf8(payload)));
    return request.build();
  }

  private int number(String member) {
    return (Integer) members.getOrDefault(member, 0);
  }

  private String text(String member) {
    return (String) members.getOrDefault(member, "");
  }

  private Map<String, String> texts(String member) {
    var texts = new LinkedHashMap<String, String>();
    if (members.get(member) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> texts.put((String) name, (String) value));
    }
    return texts;
  }
}
