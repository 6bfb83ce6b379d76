package io.dtm.benchmarks.load;

import com.google.protobuf.ByteString;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import java.util.Map;

/** The requests of a flow over gRPC. Immutable. */
final class GrpcFlow {
  static final ByteString PAYLOAD = ByteString.copyFromUtf8("{\"amount\":30}");

  private final Flow flow;
  private final String branches;
  private final DtmRequest definition;
  private final DtmRequest submit;

  /**
   * @param branches what stands before the name of a method in the address of a branch
   */
  GrpcFlow(Flow flow, String branches) {
    this.flow = flow;
    this.branches = branches;
    this.definition = definition();
    this.submit = submit();
  }

  /** For prepare, and for the prepare of a workflow. */
  DtmRequest prepare(String gid) {
    return definition.toBuilder().setGid(gid).build();
  }

  DtmRequest submit(String gid) {
    return submit.toBuilder().setGid(gid).build();
  }

  DtmBranchRequest register(String gid, String branch) {
    return DtmBranchRequest.newBuilder()
        .setGid(gid)
        .setTransType(flow.mode().transType())
        .setBranchID(branch)
        .putAllData(data())
        .setBusiPayload(PAYLOAD)
        .build();
  }

  private DtmRequest definition() {
    var request = DtmRequest.newBuilder().setTransType(flow.mode().transType());
    return switch (flow.mode()) {
      case SAGA -> steps(request, "{\"action\":\"%1$s%2$s\",\"compensate\":\"%1$sUn%2$s\"}");
      case MESSAGE, MESSAGE_SUBMIT ->
          steps(request.setQueryPrepared(branches + "Query"), "{\"action\":\"%s%s\"}");
      case TCC, XA -> request.build();
      case WORKFLOW ->
          request
              .setCustomData("{\"name\":\"load\",\"data\":null}")
              .setQueryPrepared(branches + "Resume")
              .build();
    };
  }

  private DtmRequest steps(DtmRequest.Builder request, String form) {
    return request
        .setSteps(
            "[%s,%s]"
                .formatted(form.formatted(branches, "Debit"), form.formatted(branches, "Credit")))
        .addBinPayloads(PAYLOAD)
        .addBinPayloads(PAYLOAD)
        .build();
  }

  private DtmRequest submit() {
    if (flow.mode() == Mode.WORKFLOW) {
      return definition.toBuilder()
          .putAllReqExtra(Map.of("status", "succeed", "rollback_reason", "", "result", ""))
          .build();
    }
    return definition.toBuilder()
        .setTransOptions(DtmTransOptions.newBuilder().setWaitResult(flow.waits()))
        .build();
  }

  private Map<String, String> data() {
    return switch (flow.mode()) {
      case TCC -> Map.of("confirm", branches + "Confirm", "cancel", branches + "Cancel");
      case XA -> Map.of("url", branches + "Xa");
      case WORKFLOW -> Map.of("op", "action", "status", "succeed");
      case SAGA, MESSAGE, MESSAGE_SUBMIT -> Map.of();
    };
  }
}
