package io.dtm.sdk.grpc;

import io.dtm.client.BranchRequest;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;

/**
 * For services that take part in transactions: tells each call's {@linkplain #request() request},
 * and answers what the service throws, or gives to {@code onError}, as managers understand it:
 * {@link io.dtm.client.BranchRefused} as {@code ABORTED}, {@link io.dtm.client.BranchOngoing} as
 * {@code FAILED_PRECONDITION}. Calls from elsewhere pass. Thread-safe.
 *
 * <pre>{@code
 * Grpc.newServerBuilderForPort(9090, InsecureServerCredentials.create())
 *     .addService(new Bank())
 *     .intercept(new ParticipantInterceptor())
 * }</pre>
 */
public final class ParticipantInterceptor implements ServerInterceptor {
  private static final Context.Key<BranchRequest> REQUEST = Context.key("dtm-branch-request");

  /**
   * The request of the call that this thread serves.
   *
   * @throws IllegalStateException when it serves no call of a branch
   */
  public static BranchRequest request() {
    return find()
        .orElseThrow(() ->
            new IllegalStateException(
                "no call of a branch (expected: one that came through this interceptor, with the"
                    + " metadata dtm-gid, dtm-trans_type, dtm-branch_id and dtm-op)"));
  }

  /** As {@link #request()}, for services that others call too. */
  public static Optional<BranchRequest> find() {
    return Optional.ofNullable(REQUEST.get());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    Optional<BranchRequest> request;
    try {
      request = BranchMetadata.read(metadata);
    } catch (IllegalArgumentException e) {
      call.close(Status.INVALID_ARGUMENT.withDescription(e.getMessage()), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    var answering = new AnsweringCall<>(call);
    var context =
        request
            .map(value -> Context.current().withValue(REQUEST, value))
            .orElseGet(Context::current);
    return new CatchingListener<>(
        answering, Contexts.interceptCall(context, answering, metadata, next));
  }

  /** Says what an exception means that the service gave to {@code onError}. */
  private static final class AnsweringCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    AnsweringCall(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      var cause = status.getCause();
      super.close(cause == null ? status : BranchStatuses.of(cause).orElse(status), trailers);
    }
  }

  /** Answers an exception that the service threw, which the library would not tell the caller. */
  private static final class CatchingListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;

    CatchingListener(ServerCall<Q, ?> call, ServerCall.Listener<Q> delegate) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onHalfClose() {
      try {
        super.onHalfClose();
      } catch (RuntimeException e) {
        call.close(BranchStatuses.of(e).orElseThrow(() -> e), new Metadata());
      }
    }
  }
}
