package io.dtm.benchmarks.load;

import io.dtm.protocol.grpc.MetadataKeys;
import io.dtm.protocol.grpc.RawBytes;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A participant over gRPC: every method of {@value #SERVICE} is there. */
final class GrpcParticipant implements Participant {
  static final String SERVICE = "load.Participant";

  private static final byte[] EMPTY = {};

  private final ScheduledExecutorService delays =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final LongAdder atWork = new LongAdder();
  private final CallLedger ledger;
  private final Duration delay;
  private final String host;
  private final Server server;

  private GrpcParticipant(String host, CallLedger ledger, Duration delay) {
    this.ledger = ledger;
    this.delay = delay;
    this.host = host;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, 0))
            .directExecutor()
            .fallbackHandlerRegistry(new EveryMethod())
            .build();
  }

  /**
   * @param host on which it listens, and by which the server reaches it
   * @param delay of each answer
   */
  static GrpcParticipant start(String host, CallLedger ledger, Duration delay) {
    var participant = new GrpcParticipant(host, ledger, delay);
    try {
      var unused = participant.server.start();
      return participant;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + host, e);
    }
  }

  /** Bytes in, bytes out. */
  static MethodDescriptor<byte[], byte[]> method(String name) {
    return ofFullName(SERVICE + "/" + name);
  }

  private static MethodDescriptor<byte[], byte[]> ofFullName(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(RawBytes.MARSHALLER)
        .setResponseMarshaller(RawBytes.MARSHALLER)
        .build();
  }

  @Override
  public Address address() {
    return new Address(host, server.getPort());
  }

  @Override
  public long nanosAtWork() {
    return atWork.sum();
  }

  /** Answers under any name. */
  private final class EveryMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<byte[], byte[]> lookupMethod(
        String name, @Nullable String authority) {
      return ServerMethodDefinition.create(ofFullName(name), new Yes());
    }
  }

  /** Counts the call and succeeds. */
  private final class Yes implements ServerCallHandler<byte[], byte[]> {
    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata metadata) {
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onHalfClose() {
          var begun = System.nanoTime();
          ledger.called(
              value(metadata, MetadataKeys.GID),
              value(metadata, MetadataKeys.BRANCH_ID),
              value(metadata, MetadataKeys.OP));
          if (delay.isZero()) {
            answer(call, begun);
          } else {
            var unused =
                delays.schedule(() -> answer(call, begun), delay.toNanos(), TimeUnit.NANOSECONDS);
          }
        }
      };
    }
  }

  private void answer(ServerCall<byte[], byte[]> call, long begun) {
    call.sendHeaders(new Metadata());
    call.sendMessage(EMPTY);
    call.close(Status.OK, new Metadata());
    atWork.add(System.nanoTime() - begun);
  }

  private static String value(Metadata metadata, Metadata.Key<String> key) {
    return Objects.requireNonNullElse(metadata.get(key), "");
  }

  @Override
  public void close() {
    delays.shutdownNow();
    server.shutdownNow();
  }
}
