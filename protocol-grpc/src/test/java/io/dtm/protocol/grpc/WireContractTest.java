package io.dtm.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What published clients are compiled against; none of it may ever change. */
class WireContractTest {
  @Test
  void theManagersServiceHasItsMethods() {
    var service = DtmProto.getDescriptor().findServiceByName("Dtm");

    assertThat(service.getFullName()).isEqualTo("dtmgimp.Dtm");
    assertThat(methods(service))
        .containsExactly(
            "NewGid(google.protobuf.Empty) dtmgimp.DtmGidReply",
            "Submit(dtmgimp.DtmRequest) google.protobuf.Empty",
            "Prepare(dtmgimp.DtmRequest) google.protobuf.Empty",
            "Abort(dtmgimp.DtmRequest) google.protobuf.Empty",
            "RegisterBranch(dtmgimp.DtmBranchRequest) google.protobuf.Empty",
            "PrepareWorkflow(dtmgimp.DtmRequest) dtmgimp.DtmProgressesReply",
            "Subscribe(dtmgimp.DtmTopicRequest) google.protobuf.Empty",
            "Unsubscribe(dtmgimp.DtmTopicRequest) google.protobuf.Empty",
            "DeleteTopic(dtmgimp.DtmTopicRequest) google.protobuf.Empty");
  }

  @Test
  void theApplicationsServiceHasItsMethod() {
    var service = WorkflowProto.getDescriptor().findServiceByName("Workflow");

    assertThat(service.getFullName()).isEqualTo("workflow.Workflow");
    assertThat(methods(service))
        .containsExactly("Execute(workflow.WorkflowData) google.protobuf.Empty");
    assertThat(fields(WorkflowData.getDescriptor())).containsExactly("1 Data BYTES");
  }

  @Test
  void ourOwnServiceHasItsMethods() {
    var service = DtmJavaProto.getDescriptor().findServiceByName("Oversight");

    assertThat(service.getFullName()).isEqualTo("dtmjava.Oversight");
    assertThat(methods(service))
        .containsExactly(
            "Query(dtmjava.TransactionName) dtmjava.TransactionView",
            "ForceStop(dtmjava.TransactionName) google.protobuf.Empty",
            "RetryNow(dtmjava.TransactionName) google.protobuf.Empty",
            "ParkWorkflow(dtmjava.Parking) google.protobuf.Empty");
    assertThat(fields(TransactionName.getDescriptor())).containsExactly("1 gid STRING");
    assertThat(fields(Parking.getDescriptor())).containsExactly("1 gid STRING", "2 reason STRING");
    assertThat(fields(TransactionView.getDescriptor()))
        .containsExactly(
            "1 gid STRING",
            "2 trans_type STRING",
            "3 status STRING",
            "4 rollback_reason STRING",
            "5 result STRING",
            "6 parked_reason STRING",
            "7 create_time MESSAGE",
            "8 update_time MESSAGE",
            "9 finish_time MESSAGE",
            "10 next_cron_time MESSAGE",
            "11 parked_since MESSAGE",
            "12 branches repeated MESSAGE");
    assertThat(fields(BranchView.getDescriptor()))
        .containsExactly(
            "1 branch_id STRING",
            "2 op STRING",
            "3 url STRING",
            "4 status STRING",
            "5 create_time MESSAGE",
            "6 update_time MESSAGE",
            "7 finish_time MESSAGE");
  }

  @Test
  void messagesHaveTheirFields() {
    assertThat(fields(DtmTransOptions.getDescriptor()))
        .containsExactly(
            "1 WaitResult BOOL",
            "2 TimeoutToFail INT64",
            "3 RetryInterval INT64",
            "5 BranchHeaders map",
            "6 RequestTimeout INT64",
            "7 RetryLimit INT64",
            "1001 RetryFactor INT64",
            "1002 RetryMaxInterval INT64",
            "1003 RetryMaxAttempts INT64",
            "1004 RetryMaxAge INT64",
            "1005 Concurrent BOOL");
    assertThat(fields(DtmRequest.getDescriptor()))
        .containsExactly(
            "1 Gid STRING",
            "2 TransType STRING",
            "3 TransOptions MESSAGE",
            "4 CustomData STRING",
            "5 BinPayloads repeated BYTES",
            "6 QueryPrepared STRING",
            "7 Steps STRING",
            "8 ReqExtra map",
            "9 RollbackReason STRING");
    assertThat(fields(DtmGidReply.getDescriptor())).containsExactly("1 Gid STRING");
    assertThat(fields(DtmBranchRequest.getDescriptor()))
        .containsExactly(
            "1 Gid STRING",
            "2 TransType STRING",
            "3 BranchID STRING",
            "4 Op STRING",
            "5 Data map",
            "6 BusiPayload BYTES");
    assertThat(fields(DtmProgressesReply.getDescriptor()))
        .containsExactly("1 Transaction MESSAGE", "2 Progresses repeated MESSAGE");
    assertThat(fields(DtmTransaction.getDescriptor()))
        .containsExactly(
            "1 Gid STRING", "2 Status STRING", "3 RollbackReason STRING", "4 Result STRING");
    assertThat(fields(DtmProgress.getDescriptor()))
        .containsExactly("1 Status STRING", "2 BinData BYTES", "3 BranchID STRING", "4 Op STRING");
    assertThat(fields(DtmTopicRequest.getDescriptor()))
        .containsExactly("1 Topic STRING", "2 URL STRING", "3 Remark STRING");
  }

  @Test
  void progressesHaveTheNamesOfTheRestReplyInJson() {
    assertThat(jsonNames(DtmProgressesReply.getDescriptor()))
        .containsExactly("transaction", "progresses");
    assertThat(jsonNames(DtmTransaction.getDescriptor()))
        .containsExactly("gid", "status", "rollback_reason", "result");
    assertThat(jsonNames(DtmProgress.getDescriptor()))
        .containsExactly("status", "bin_data", "branch_id", "op");
  }

  @Test
  void aFieldOfOldClientsIsIgnored() throws InvalidProtocolBufferException {
    var passthroughHeaders =
        UnknownFieldSet.newBuilder()
            .addField(
                4,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("x-old"))
                    .build())
            .build();
    var sent =
        DtmTransOptions.newBuilder()
            .setWaitResult(true)
            .setUnknownFields(passthroughHeaders)
            .build();

    assertThat(DtmTransOptions.parseFrom(sent.toByteArray()).getWaitResult()).isTrue();
  }

  @Test
  void metadataHaveTheirNames() {
    assertThat(
            List.of(
                MetadataKeys.GID.name(),
                MetadataKeys.TRANS_TYPE.name(),
                MetadataKeys.BRANCH_ID.name(),
                MetadataKeys.OP.name(),
                MetadataKeys.DTM.name(),
                MetadataKeys.PHASE2_URL.name()))
        .containsExactly(
            "dtm-gid", "dtm-trans_type", "dtm-branch_id", "dtm-op", "dtm-dtm", "dtm-phase2_url");
  }

  private static List<String> methods(ServiceDescriptor service) {
    return service.getMethods().stream()
        .map(m ->
            "%s(%s) %s"
                .formatted(
                    m.getName(), m.getInputType().getFullName(), m.getOutputType().getFullName()))
        .toList();
  }

  private static List<String> fields(Descriptor message) {
    return message.getFields().stream().map(WireContractTest::field).toList();
  }

  private static String field(FieldDescriptor field) {
    var type =
        field.isMapField() ? "map" : (field.isRepeated() ? "repeated " : "") + field.getType();
    return "%d %s %s".formatted(field.getNumber(), field.getName(), type);
  }

  private static List<String> jsonNames(Descriptor message) {
    return message.getFields().stream().map(FieldDescriptor::getJsonName).toList();
  }
}
