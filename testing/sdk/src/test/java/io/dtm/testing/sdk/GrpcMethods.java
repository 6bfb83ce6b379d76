package io.dtm.testing.sdk;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.dtm.client.BranchException;
import io.dtm.client.Payload;
import io.dtm.protocol.grpc.RawBytes;
import io.dtm.sdk.grpc.ParticipantInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A gRPC server that has every method of one service, with bytes as messages. */
final class GrpcMethods extends HandlerRegistry {
  /** What a method does. */
  @FunctionalInterface
  interface Body {
    Payload run(Participant.Call call) throws Exception;
  }

  private static final Context.Key<Metadata> METADATA = Context.key("metadata");

  private final String service;
  private final Body body;

  private GrpcMethods(String service, Body body) {
    this.service = service;
    this.body = body;
  }

  static Server serve(String service, Body body) throws IOException {
    return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
        .fallbackHandlerRegistry(new GrpcMethods(service, body))
        .intercept(new KeepMetadata())
        .intercept(new ParticipantInterceptor())
        .build()
        .start();
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String name, @Nullable String authority) {
    if (!name.startsWith(service + "/")) {
      return null;
    }
    var method =
        MethodDescriptor.newBuilder(RawBytes.MARSHALLER, RawBytes.MARSHALLER)
            .setType(MethodType.UNARY)
            .setFullMethodName(name)
            .build();
    var operation = name.substring(service.length() + 1);
    return ServerMethodDefinition.create(
        method,
        ServerCalls.asyncUnaryCall((message, caller) -> answer(operation, message, caller)));
  }

  /** A branch's exceptions are thrown, as services do; the interceptor makes statuses of them. */
  private void answer(String operation, byte[] message, StreamObserver<byte[]> caller) {
    var metadata = METADATA.get();
    Payload answer;
    try {
      answer =
          body.run(
              new Participant.Call(
                  operation,
                  ParticipantInterceptor.request(),
                  Payload.of(message),
                  name ->
                      String.valueOf(
                          metadata.get(Metadata.Key.of(name, ASCII_STRING_MARSHALLER)))));
    } catch (BranchException e) {
      throw e;
    } catch (Exception e) {
      caller.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
      return;
    }
    caller.onNext(answer.bytes());
    caller.onCompleted();
  }

  private static final class KeepMetadata implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(
          Context.current().withValue(METADATA, metadata), call, metadata, next);
    }
  }
}
