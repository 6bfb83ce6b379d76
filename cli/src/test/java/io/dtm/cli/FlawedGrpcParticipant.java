package io.dtm.cli;

import io.dtm.protocol.grpc.MetadataKeys;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The same participant over gRPC: its paths are methods. */
final class FlawedGrpcParticipant implements AutoCloseable {
  private static final String SERVICE = "flawed.Participant";
  private static final Context.Key<String> GID = Context.key("gid");

  private final FlawedParticipant participant;
  private final Server server;

  FlawedGrpcParticipant(FlawedParticipant participant) throws IOException {
    this.participant = participant;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .fallbackHandlerRegistry(new EveryMethod())
            .intercept(new KeepGid())
            .build()
            .start();
  }

  String method(String path) {
    return "127.0.0.1:%d/%s/%s".formatted(server.getPort(), SERVICE, path);
  }

  private void answer(String path, StreamObserver<String> caller) {
    var reply = participant.carryOut(path, GID.get());
    switch (reply.status()) {
      case 200 -> {
        caller.onNext("");
        caller.onCompleted();
      }
      case 409 -> caller.onError(Status.ABORTED.withDescription(reply.text()).asException());
      default -> caller.onError(Status.UNKNOWN.withDescription(reply.text()).asException());
    }
  }

  private final class EveryMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      var method =
          MethodDescriptor.newBuilder(new Unread(), new Unread())
              .setType(MethodType.UNARY)
              .setFullMethodName(name)
              .build();
      var path = name.substring(SERVICE.length());
      return ServerMethodDefinition.create(
          method, ServerCalls.asyncUnaryCall((request, caller) -> answer(path, caller)));
    }
  }

  /** Messages that nobody looks into. */
  private static final class Unread implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String message) {
      return InputStream.nullInputStream();
    }

    @Override
    public String parse(InputStream stream) {
      return "";
    }
  }

  private static final class KeepGid implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
      var gid = String.valueOf(metadata.get(MetadataKeys.GID));
      return Contexts.interceptCall(Context.current().withValue(GID, gid), call, metadata, next);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
