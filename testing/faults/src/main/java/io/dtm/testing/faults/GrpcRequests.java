package io.dtm.testing.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import java.util.List;

/** The requests of a flow, sent over gRPC; workflows go on over REST. */
final class GrpcRequests {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> BRANCH_ADDRESSES = List.of("confirm", "cancel", "url");

  private GrpcRequests() {}

  /**
   * Sends it and waits for the answer.
   *
   * @throws io.grpc.StatusRuntimeException for every answer but OK
   */
  static void send(DtmGrpc.DtmBlockingStub stub, Flow.Request request) {
    var body = read(request.body());
    var unused =
        switch (request.route()) {
          case "submit" -> stub.submit(transaction(body));
          case "prepare" -> stub.prepare(transaction(body));
          case "abort" -> stub.abort(transaction(body));
          case "registerBranch" -> stub.registerBranch(branch(body));
          default ->
              throw new IllegalArgumentException(
                  "route: %s (expected: one that gRPC has too)".formatted(request.route()));
        };
  }

  private static DtmRequest transaction(JsonNode body) {
    var request =
        DtmRequest.newBuilder()
            .setGid(body.path("gid").asText())
            .setTransType(body.path("trans_type").asText())
            .setQueryPrepared(body.path("query_prepared").asText(""))
            .setTransOptions(
                DtmTransOptions.newBuilder().setWaitResult(body.path("wait_result").asBoolean()));
    if (body.has("steps")) {
      request.setSteps(body.path("steps").toString());
    }
    body.path("payloads")
        .forEach(payload -> request.addBinPayloads(ByteString.copyFromUtf8(payload.asText())));
    return request.build();
  }

  private static DtmBranchRequest branch(JsonNode body) {
    var request =
        DtmBranchRequest.newBuilder()
            .setGid(body.path("gid").asText())
            .setTransType(body.path("trans_type").asText())
            .setBranchID(body.path("branch_id").asText())
            .setBusiPayload(ByteString.copyFromUtf8(body.path("data").asText("")));
    BRANCH_ADDRESSES.stream()
        .filter(body::has)
        .forEach(address -> request.putData(address, body.path(address).asText()));
    return request.build();
  }

  private static JsonNode read(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(body + ": no JSON", e);
    }
  }
}
