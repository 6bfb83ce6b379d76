package io.dtm.cli.verify;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.dtm.protocol.grpc.MetadataKeys;
import io.dtm.protocol.grpc.RawBytes;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Over gRPC without TLS, with the words of the call in the metadata. */
final class GrpcCalls implements Calls {
  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
  private final String transType;
  private final CallOptions options;

  GrpcCalls(String transType, CallOptions options) {
    this.transType = transType;
    this.options = options;
  }

  @Override
  public Answer call(Endpoint endpoint, String gid) {
    var slash = endpoint.url().indexOf('/');
    var channel =
        channels.computeIfAbsent(
            endpoint.url().substring(0, slash),
            target -> NettyChannelBuilder.forTarget(target).usePlaintext().build());
    var method =
        MethodDescriptor.newBuilder(RawBytes.MARSHALLER, RawBytes.MARSHALLER)
            .setType(MethodType.UNARY)
            .setFullMethodName(endpoint.url().substring(slash + 1))
            .build();
    try {
      var unused =
          ClientCalls.blockingUnaryCall(
              ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(metadata(endpoint, gid))),
              method,
              io.grpc.CallOptions.DEFAULT.withDeadlineAfter(
                  options.timeout().toMillis(), TimeUnit.MILLISECONDS),
              options.payloadOf(endpoint).bytes());
      return Answer.ofGrpc(io.grpc.Status.OK);
    } catch (StatusRuntimeException e) {
      channel.resetConnectBackoff();
      return Answer.ofGrpc(e.getStatus());
    }
  }

  private Metadata metadata(Endpoint endpoint, String gid) {
    var metadata = new Metadata();
    metadata.put(MetadataKeys.GID, gid);
    metadata.put(MetadataKeys.TRANS_TYPE, transType);
    metadata.put(MetadataKeys.BRANCH_ID, CallOptions.BRANCH_ID);
    metadata.put(MetadataKeys.OP, endpoint.operation());
    metadata.put(MetadataKeys.DTM, "");
    options
        .headers()
        .forEach((name, value) ->
            metadata.put(
                Metadata.Key.of(name.toLowerCase(Locale.ROOT), ASCII_STRING_MARSHALLER), value));
    return metadata;
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
