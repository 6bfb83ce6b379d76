package io.dtm.testing.faults;

import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of one server that repeat what was answered with 503 until it is acknowledged, as clients
 * are meant to. Anything else than an acknowledgement or an orderly 503 is kept as unexpected.
 */
final class PatientClients implements AutoCloseable {
  private static final Duration BETWEEN_FLOWS = Duration.ofMillis(10);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
  private static final Duration END_LIMIT = Duration.ofMinutes(1);

  private final Api api;
  private final Ledger ledger;
  private final RecordingParticipant participant;
  private final ManagedChannel channel;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger acknowledgements = new AtomicInteger();
  private final AtomicInteger troubles = new AtomicInteger();
  private final AtomicInteger grpcTroubles = new AtomicInteger();
  private final AtomicLong longestAnswer = new AtomicLong();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();
  private final Queue<String> abortedOverGrpc = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  PatientClients(Api api, String grpcTarget, Ledger ledger, RecordingParticipant participant) {
    this.api = api;
    this.ledger = ledger;
    this.participant = participant;
    this.channel = NettyChannelBuilder.forTarget(grpcTarget).usePlaintext().build();
  }

  /** Lets so many work over HTTP, and one over gRPC. */
  void start(int count, Random random) {
    for (int i = 0; i < count; i++) {
      long seed = random.nextLong();
      threads.execute(() -> work(new Random(seed)));
    }
    threads.execute(this::workOverGrpc);
  }

  /** Transactions acknowledged to their last request so far. */
  int acknowledgements() {
    return acknowledgements.get();
  }

  /** HTTP requests answered with 503. */
  int troubles() {
    return troubles.get();
  }

  /** gRPC requests answered with UNAVAILABLE. */
  int grpcTroubles() {
    return grpcTroubles.get();
  }

  /** The answer over HTTP or gRPC that took longest. */
  Duration longestAnswer() {
    return Duration.ofNanos(longestAnswer.get());
  }

  List<String> unexpected() {
    return List.copyOf(unexpected);
  }

  /** Transactions whose abort was acknowledged over gRPC. */
  List<String> abortedOverGrpc() {
    return List.copyOf(abortedOverGrpc);
  }

  /** Begins nothing new, and waits until what was begun is acknowledged. */
  void finish() throws InterruptedException {
    over = true;
    threads.shutdown();
    if (!threads.awaitTermination(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      unexpected.add("some clients have no acknowledgement after " + END_LIMIT);
    }
  }

  private void work(Random random) {
    var flows = Flow.values();
    while (!over) {
      var flow = flows[random.nextInt(flows.length)];
      var gid = ledger.begin(flow);
      if (flow.requests(gid, participant).stream().allMatch(this::insists)) {
        ledger.acknowledge(gid);
        acknowledgements.incrementAndGet();
      }
      LockSupport.parkNanos(BETWEEN_FLOWS.toNanos());
    }
  }

  /** Repeats a request until it is acknowledged; false when that cannot be. */
  private boolean insists(Flow.Request request) {
    for (boolean unknown = false; ; unknown = true) {
      try {
        var begun = System.nanoTime();
        var reply = api.post(request);
        longestAnswer.accumulateAndGet(System.nanoTime() - begun, Math::max);
        int status = reply.statusCode();
        // Whatever was unknown has happened if the server now says that it is past that.
        if (status == 200 || (status == 409 && unknown)) {
          return true;
        }
        if (status != 503 || reply.headers().firstValue("Retry-After").isEmpty()) {
          unexpected.add("%s: %d %s".formatted(request, status, reply.body()));
          return false;
        }
        troubles.incrementAndGet();
      } catch (IOException e) {
        unexpected.add("%s: %s".formatted(request, e));
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
  }

  private void workOverGrpc() {
    for (int number = 0; !over; number++) {
      var request = DtmRequest.newBuilder().setGid("grpc-" + number).setTransType("tcc").build();
      if (insistsOverGrpc(stub -> stub.prepare(request))
          && insistsOverGrpc(stub -> stub.abort(request))) {
        abortedOverGrpc.add(request.getGid());
      }
      LockSupport.parkNanos(BETWEEN_FLOWS.toNanos());
    }
  }

  private interface GrpcCall {
    Object with(DtmGrpc.DtmBlockingStub stub);
  }

  private boolean insistsOverGrpc(GrpcCall call) {
    for (boolean unknown = false; ; unknown = true) {
      var begun = System.nanoTime();
      try {
        var stub =
            DtmGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Api.ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
        var unused = call.with(stub);
        return true;
      } catch (StatusRuntimeException e) {
        var code = e.getStatus().getCode();
        if (code == Status.Code.ABORTED && unknown) {
          return true;
        }
        if (code != Status.Code.UNAVAILABLE) {
          unexpected.add("gRPC: " + e.getStatus());
          return false;
        }
        grpcTroubles.incrementAndGet();
      } finally {
        longestAnswer.accumulateAndGet(System.nanoTime() - begun, Math::max);
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
  }

  @Override
  public void close() {
    over = true;
    threads.shutdownNow();
    channel.shutdownNow();
  }
}
