package io.dtm.server.api.grpc;

import io.dtm.server.core.ByteBudget;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/**
 * Counts what comes in for one call, as it comes in: half a request holds its memory until the rest
 * is there, and many calls may come over one connection. What is held is given back when the call
 * has ended. Thread-safe.
 */
final class InboundBytes extends ServerStreamTracer {
  private static final Context.Key<InboundBytes> CURRENT = Context.key("inbound-bytes");

  private final ByteBudget.Share room;
  private long bytes;
  private boolean full;
  private Runnable whenFull = InboundBytes::tellNobody;

  private InboundBytes(ByteBudget.Share room) {
    this.room = room;
  }

  /** One for each call. */
  static ServerStreamTracer.Factory within(ByteBudget budget) {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new InboundBytes(budget.open());
      }
    };
  }

  /** Runs {@code refuse} if, or as soon as, the call that now begins finds no more room. */
  static void whenFull(Runnable refuse) {
    var current = CURRENT.get();
    if (current != null) {
      current.tellWhenFull(refuse);
    }
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CURRENT, this);
  }

  /** As it was sent, in the buffers of the network. */
  @Override
  public void inboundWireSize(long more) {
    add(more);
  }

  /** As it was meant, which a compressed message may say in very few bytes. */
  @Override
  public void inboundUncompressedSize(long more) {
    add(more);
  }

  @Override
  public synchronized void streamClosed(Status status) {
    room.close();
  }

  private void add(long more) {
    Runnable refuse = InboundBytes::tellNobody;
    synchronized (this) {
      bytes += more;
      if (!full && !room.hold(bytes)) {
        full = true;
        refuse = whenFull;
      }
    }
    refuse.run();
  }

  private static void tellNobody() {}

  private void tellWhenFull(Runnable refuse) {
    boolean now;
    synchronized (this) {
      whenFull = refuse;
      now = full;
    }
    if (now) {
      refuse.run();
    }
  }
}
