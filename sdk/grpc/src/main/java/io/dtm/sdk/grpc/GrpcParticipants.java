package io.dtm.sdk.grpc;

import io.dtm.client.BranchCall;
import io.dtm.client.BranchTransport;
import io.dtm.client.BranchUnclear;
import io.dtm.client.Payload;
import io.dtm.protocol.grpc.RawBytes;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Calls participants over gRPC with payloads as they stand; those at complete URLs go over HTTP.
 * Thread-safe.
 */
final class GrpcParticipants implements BranchTransport, AutoCloseable {
  private final ParticipantChannels channels;
  private final Duration timeout;
  private final BranchTransport http;

  GrpcParticipants(ChannelCredentials credentials, Duration timeout, BranchTransport http) {
    this.channels = new ParticipantChannels(credentials);
    this.timeout = timeout;
    this.http = http;
  }

  @Override
  public CompletionStage<Payload> call(BranchCall call) {
    if (call.address().contains("://")) {
      return http.call(call);
    }
    var slash = call.address().indexOf('/');
    if (slash <= 0) {
      return CompletableFuture.failedFuture(
          new BranchUnclear(
              "address: '%s' (expected: such as 10.0.0.7:9090/bank.Bank/Debit)"
                  .formatted(call.address()),
              null));
    }
    try {
      return call(call, call.address().substring(0, slash), call.address().substring(slash + 1));
    } catch (RuntimeException e) {
      // Of an address, or a gid, that gRPC cannot take; or this has been closed.
      return CompletableFuture.failedFuture(
          new BranchUnclear(
              "%s: not to be called over gRPC: %s".formatted(call.address(), e.getMessage()), e));
    }
  }

  private CompletionStage<Payload> call(BranchCall call, String target, String method) {
    var metadata = new Metadata();
    BranchMetadata.add(call.headers(), metadata);
    BranchMetadata.add(call.request(), metadata);
    var channel = channels.to(target);
    var branch =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    var options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return Unary.call(branch, raw(method), options, call.payload().bytes())
        .thenApply(Payload::of)
        .exceptionally(failure -> {
          channel.resetConnectBackoff(); // or the library would wait before it connects again
          throw BranchStatuses.exception(call.address(), Status.fromThrowable(failure));
        });
  }

  private static MethodDescriptor<byte[], byte[]> raw(String fullName) {
    return MethodDescriptor.newBuilder(RawBytes.MARSHALLER, RawBytes.MARSHALLER)
        .setType(MethodType.UNARY)
        .setFullMethodName(fullName)
        .build();
  }

  @Override
  public void close() {
    channels.close();
  }
}
