package io.dtm.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Client and participant over gRPC. */
final class RehearsalGrpc implements RehearsalWire, AutoCloseable {
  private static final String SERVICE = "rehearsal.Participant";
  private static final int ANSWER_SECONDS_MAX = 60;

  private final ManagedChannel channel;
  private final Server participant;

  /**
   * @param target host and port of the server
   */
  RehearsalGrpc(String target) throws IOException {
    channel = NettyChannelBuilder.forTarget(target).usePlaintext().build();
    participant =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .fallbackHandlerRegistry(new EveryMethod())
            .build()
            .start();
  }

  /** Messages that nobody looks into. */
  private static final class Unread implements MethodDescriptor.Marshaller<Empty> {
    @Override
    public InputStream stream(Empty message) {
      return InputStream.nullInputStream();
    }

    @Override
    public Empty parse(InputStream stream) {
      return Empty.getDefaultInstance();
    }
  }

  /** Agrees to every method but those that begin with "refuse". */
  private static final class EveryMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      var method =
          MethodDescriptor.newBuilder(new Unread(), new Unread()).setType(MethodType.UNARY);
      boolean refuses = name.startsWith(SERVICE + "/refuse");
      return ServerMethodDefinition.create(
          method.setFullMethodName(name).build(),
          ServerCalls.asyncUnaryCall((request, answer) -> {
            if (refuses) {
              answer.onError(Status.ABORTED.withDescription("rehearsed").asRuntimeException());
            } else {
              answer.onNext(Empty.getDefaultInstance());
              answer.onCompleted();
            }
          }));
    }
  }

  @Override
  public String participant() {
    return "127.0.0.1:%d/%s".formatted(participant.getPort(), SERVICE);
  }

  @Override
  public void send(String route, JsonNode request) {
    var server =
        DtmGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    Message unused =
        switch (route) {
          case "submit" -> server.submit(transaction(request));
          case "prepare" -> server.prepare(transaction(request));
          case "abort" -> server.abort(transaction(request));
          case "registerBranch" -> server.registerBranch(branch(request));
          case "prepareWorkflow" -> server.prepareWorkflow(transaction(request));
          default -> throw new IllegalArgumentException("route: " + route);
        };
  }

  private static DtmRequest transaction(JsonNode request) {
    boolean waits = request.path("wait_result").asBoolean();
    var transaction =
        DtmRequest.newBuilder()
            .setGid(request.path("gid").asText())
            .setTransType(request.path("trans_type").asText())
            .setQueryPrepared(request.path("query_prepared").asText(""))
            .setCustomData(request.path("custom_data").asText(""))
            .setTransOptions(DtmTransOptions.newBuilder().setWaitResult(waits));
    if (request.has("steps")) {
      transaction.setSteps(request.path("steps").toString());
    }
    request
        .path("payloads")
        .forEach(payload -> transaction.addBinPayloads(ByteString.copyFromUtf8(payload.asText())));
    request
        .path("req_extra")
        .forEachEntry((key, value) -> transaction.putReqExtra(key, value.asText()));
    return transaction.build();
  }

  private static DtmBranchRequest branch(JsonNode request) {
    var branch =
        DtmBranchRequest.newBuilder()
            .setGid(request.path("gid").asText())
            .setTransType(request.path("trans_type").asText())
            .setBranchID(request.path("branch_id").asText())
            .setBusiPayload(ByteString.copyFromUtf8(request.path("data").asText("")));
    request.forEachEntry((key, value) -> branch.putData(key, value.asText()));
    return branch.build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    participant.shutdownNow();
  }
}
