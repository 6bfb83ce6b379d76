package io.dtm.server.branch.grpc;

import io.dtm.server.branch.grpc.RawMessages.Unread;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One call of a method and its status. The library's own blocking calls would take an OK without a
 * message for an error.
 */
final class UnaryExchange extends ClientCall.Listener<Unread> {
  private final CompletableFuture<Status> ended = new CompletableFuture<>();

  private UnaryExchange() {}

  /** Makes the call and waits for its end, which comes at the latest with its deadline. */
  static Status run(
      Channel channel,
      MethodDescriptor<byte[], Unread> method,
      Metadata metadata,
      byte[] message,
      Duration timeout) {
    // What happens on the library's own thread is done in no time, so it need not be handed over.
    var options =
        CallOptions.DEFAULT
            .withExecutor(Runnable::run)
            .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    var call = newCall(channel, method, options);
    var exchange = new UnaryExchange();
    call.start(exchange, metadata);
    call.sendMessage(message);
    call.halfClose();
    call.request(2); // of which the second must not come
    try {
      return exchange.ended.get();
    } catch (InterruptedException e) {
      call.cancel("interrupted", e);
      Thread.currentThread().interrupt();
      return Status.CANCELLED.withDescription("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call ended without a status", e);
    }
  }

  /** A call belongs to its transaction, not to whatever request the thread is working for. */
  private static ClientCall<byte[], Unread> newCall(
      Channel channel, MethodDescriptor<byte[], Unread> method, CallOptions options) {
    var outer = Context.ROOT.attach();
    try {
      return channel.newCall(method, options);
    } finally {
      Context.ROOT.detach(outer);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    ended.complete(status);
  }
}
