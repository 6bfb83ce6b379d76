package io.dtm.sdk.grpc;

import static java.util.Objects.requireNonNull;

import io.dtm.client.BranchRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * For those who call a branch with a generated stub: says for which branch, and what the
 * participant's status means.
 *
 * <pre>{@code
 * client.tcc().run(branches -> {
 *   var branch = branches.register(bank + "/bank.Bank/Confirm", bank + "/bank.Bank/Cancel", body);
 *   stub.withInterceptors(new BranchInterceptor(branch)).tryTransfer(transfer);
 * });
 * }</pre>
 *
 * <p>The stub throws {@link io.grpc.StatusRuntimeException} as ever; its cause then is a {@link
 * io.dtm.client.BranchException}, which {@code run} takes for what it is. Thread-safe.
 */
public final class BranchInterceptor implements ClientInterceptor {
  private final BranchRequest request;

  /**
   * @param request from {@link io.dtm.client.TccBranches#register} or {@link
   *     io.dtm.client.XaBranches#next}
   * @throws IllegalArgumentException when gRPC cannot send it: metadata are ASCII
   */
  public BranchInterceptor(BranchRequest request) {
    this.request = requireNonNull(request, "request");
    BranchMetadata.requireSendable(request);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata metadata) {
        BranchMetadata.add(request, metadata);
        super.start(explaining(method.getFullMethodName(), listener), metadata);
      }
    };
  }

  private static <A> ClientCall.Listener<A> explaining(
      String method, ClientCall.Listener<A> listener) {
    return new SimpleForwardingClientCallListener<>(listener) {
      @Override
      public void onClose(Status status, Metadata trailers) {
        super.onClose(
            status.isOk() ? status : status.withCause(BranchStatuses.exception(method, status)),
            trailers);
      }
    };
  }
}
