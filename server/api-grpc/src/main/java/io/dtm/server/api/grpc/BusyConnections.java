package io.dtm.server.api.grpc;

import io.dtm.server.core.ConnectionLimit;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.SocketAddress;

/**
 * Tells of each call that has been sent whole, and of its end: only who waits for us keeps its
 * connection in any case. Thread-safe.
 */
final class BusyConnections implements ServerInterceptor {
  private final ConnectionLimit<SocketAddress> limit;

  BusyConnections(ConnectionLimit<SocketAddress> limit) {
    this.limit = limit;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var client = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    var listener = next.startCall(call, headers);
    return client == null ? listener : new Counted<>(listener, limit, client);
  }

  private static final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ConnectionLimit<SocketAddress> limit;
    private final SocketAddress client;
    private boolean begun;

    Counted(
        ServerCall.Listener<Q> listener,
        ConnectionLimit<SocketAddress> limit,
        SocketAddress client) {
      super(listener);
      this.limit = limit;
      this.client = client;
    }

    @Override
    public void onHalfClose() {
      begun = true;
      limit.begun(client);
      super.onHalfClose();
    }

    @Override
    public void onComplete() {
      end();
      super.onComplete();
    }

    @Override
    public void onCancel() {
      end();
      super.onCancel();
    }

    private void end() {
      if (begun) {
        begun = false;
        limit.ended(client);
      }
    }
  }
}
