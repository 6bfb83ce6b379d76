package io.dtm.benchmarks.load;

import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.MetadataKeys;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A client over gRPC. The ends of its requests come on the threads of its channels. */
final class GrpcUser implements User {
  private final GrpcFlow flow;
  private final Mode mode;
  private final DtmGrpc.DtmStub server;
  private final Channel participant;
  private final Duration answerLimit;

  GrpcUser(
      GrpcFlow flow, Mode mode, DtmGrpc.DtmStub server, Channel participant, Duration answerLimit) {
    this.flow = flow;
    this.mode = mode;
    this.server = server;
    this.participant = participant;
    this.answerLimit = answerLimit;
  }

  @Override
  public void begin(String gid, FlowEnd end) {
    send(gid, 0, end);
  }

  private void send(String gid, int index, FlowEnd end) {
    if (index == mode.steps().size()) {
      end.succeeded();
      return;
    }
    var step = mode.steps().get(index);
    var stub = server.withDeadlineAfter(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
    switch (step.kind()) {
      case PREPARE -> {
        if (mode == Mode.WORKFLOW) {
          stub.prepareWorkflow(flow.prepare(gid), new Answer<>(gid, index, end));
        } else {
          stub.prepare(flow.prepare(gid), new Answer<>(gid, index, end));
        }
      }
      case REGISTER ->
          stub.registerBranch(flow.register(gid, step.branch()), new Answer<>(gid, index, end));
      case TRY -> callTry(gid, step.branch(), new Answer<>(gid, index, end));
      case SUBMIT -> stub.submit(flow.submit(gid), new Answer<>(gid, index, end));
    }
  }

  private void callTry(String gid, String branch, StreamObserver<byte[]> answer) {
    var metadata = new Metadata();
    metadata.put(MetadataKeys.GID, gid);
    metadata.put(MetadataKeys.TRANS_TYPE, mode.transType());
    metadata.put(MetadataKeys.BRANCH_ID, branch);
    metadata.put(MetadataKeys.OP, "try");
    var channel =
        ClientInterceptors.intercept(
            participant, MetadataUtils.newAttachHeadersInterceptor(metadata));
    var options =
        CallOptions.DEFAULT.withDeadlineAfter(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
    ClientCalls.asyncUnaryCall(
        channel.newCall(GrpcParticipant.method("Try"), options),
        GrpcFlow.PAYLOAD.toByteArray(),
        answer);
  }

  /** Goes on with the next step. */
  private final class Answer<T> implements StreamObserver<T> {
    private final String gid;
    private final int index;
    private final FlowEnd end;

    Answer(String gid, int index, FlowEnd end) {
      this.gid = gid;
      this.index = index;
      this.end = end;
    }

    @Override
    public void onNext(T message) {}

    @Override
    public void onError(Throwable failure) {
      end.failed(
          "%s of %s: %s"
              .formatted(mode.steps().get(index).kind(), gid, Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
      send(gid, index + 1, end);
    }
  }
}
