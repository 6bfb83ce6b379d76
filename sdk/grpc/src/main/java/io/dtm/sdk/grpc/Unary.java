package io.dtm.sdk.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls with one request and one answer, as futures. */
final class Unary {
  private Unary() {}

  /** Calls once; the future fails with {@link io.grpc.StatusRuntimeException}. */
  static <Q, A> CompletableFuture<A> call(
      Channel channel, MethodDescriptor<Q, A> method, CallOptions options, Q request) {
    var answer = new CompletableFuture<A>();
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, options),
        request,
        new StreamObserver<A>() {
          private @Nullable A message;

          @Override
          public void onNext(A next) {
            message = next;
          }

          @Override
          public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {
            if (message == null) {
              answer.completeExceptionally(new IllegalStateException("no message"));
            } else {
              answer.complete(message);
            }
          }
        });
    return answer;
  }
}
