package io.dtm.server.api.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends calls whose request takes too long to come in, a byte now and then being no excuse, or finds
 * no room in memory: half a request holds its memory until the rest is there. Either the alarm or
 * the end of the request claims the call, never both. Thread-safe.
 */
final class ReceiveTimeLimit implements ServerInterceptor {
  private final Duration limit;
  private final ScheduledExecutorService alarms;

  ReceiveTimeLimit(Duration limit, ScheduledExecutorService alarms) {
    this.limit = limit;
    this.alarms = alarms;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    var claimed = new AtomicBoolean();
    var noRoom = Overload.noRoom();
    var alarm =
        alarms.schedule(
            () -> {
              if (claimed.compareAndSet(false, true)) {
                call.close(
                    Status.DEADLINE_EXCEEDED.withDescription(
                        "request: incomplete after %s (expected: whole)".formatted(limit)),
                    new Metadata());
              }
            },
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
    InboundBytes.whenFull(() -> {
      if (claimed.compareAndSet(false, true)) {
        alarm.cancel(false);
        // Not on the thread that has just counted the bytes: it is in the middle of the message.
        alarms.execute(() -> call.close(noRoom, Overload.trailers(noRoom)));
      }
    });
    return new Received<>(next.startCall(call, headers), claimed, alarm);
  }

  private static final class Received<Q> extends SimpleForwardingServerCallListener<Q> {
    private final AtomicBoolean claimed;
    private final Future<?> alarm;

    Received(ServerCall.Listener<Q> listener, AtomicBoolean claimed, Future<?> alarm) {
      super(listener);
      this.claimed = claimed;
      this.alarm = alarm;
    }

    @Override
    public void onHalfClose() {
      if (claimed.compareAndSet(false, true)) {
        alarm.cancel(false);
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      claimed.set(true);
      alarm.cancel(false);
      super.onCancel();
    }
  }
}
