package io.dtm.server.branch.grpc;

import io.dtm.protocol.grpc.RawBytes;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real gRPC server that takes any method and answers as it is told. */
final class RawParticipant implements AutoCloseable {
  final List<Received> received = new CopyOnWriteArrayList<>();
  private final Server server;
  private volatile Function<Received, Status> answer = call -> Status.OK;
  private volatile byte[] message = new byte[0];
  private volatile int messages = 1;

  /** One call as it came in. */
  record Received(String method, Metadata metadata, byte[] message) {}

  RawParticipant() {
    this(0);
  }

  RawParticipant(int port) {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .maxInboundMessageSize(64 * 1024 * 1024)
              .fallbackHandlerRegistry(new AnyMethod())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  String url(String method) {
    return "127.0.0.1:" + port() + "/" + method;
  }

  void answers(Status status) {
    answer = call -> status;
  }

  void answers(Function<Received, Status> next) {
    answer = next;
  }

  /** What comes before an OK. */
  void sends(int count, byte[] bytes) {
    messages = count;
    message = bytes;
  }

  private final class AnyMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      var method =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodType.UNKNOWN)
              .setFullMethodName(name)
              .setRequestMarshaller(RawBytes.MARSHALLER)
              .setResponseMarshaller(RawBytes.MARSHALLER)
              .build();
      return ServerMethodDefinition.create(method, this::start);
    }

    private ServerCall.Listener<byte[]> start(ServerCall<byte[], byte[]> call, Metadata metadata) {
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] request) {
          var one = new Received(call.getMethodDescriptor().getFullMethodName(), metadata, request);
          received.add(one);
          var status = answer.apply(one);
          if (status.isOk()) {
            call.sendHeaders(new Metadata());
            for (int i = 0; i < messages; i++) {
              call.sendMessage(message);
            }
          }
          call.close(status, new Metadata());
        }
      };
    }
  }

  @Override
  public void close() {
    try {
      server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
