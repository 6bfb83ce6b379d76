package io.dtm.testing.faults;

import io.dtm.protocol.grpc.DtmGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Clients of a load balancer, over REST and gRPC, that carry out flows of all modes and repeat what
 * may not have arrived. Each gives a flow up when it takes too long: then nothing is promised about
 * it.
 */
final class MixedClients implements AutoCloseable {
  /** Every so many-th client talks gRPC. */
  private static final int GRPC_SHARE = 3;

  /** Below the age at which the server turns back what its client has left alone. */
  private static final Duration FLOW_LIMIT = Duration.ofSeconds(25);

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(12);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
  private static final Duration END_LIMIT = Duration.ofMinutes(1);

  /**
   * What a balancer says when it found no server, and a server when it is stopping or overloaded.
   */
  private static final Set<Integer> TRY_AGAIN = Set.of(502, 503, 504);

  private static final Set<Status.Code> TRY_AGAIN_OVER_GRPC =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.CANCELLED,
          Status.Code.RESOURCE_EXHAUSTED);

  private final Api api;
  private final ManagedChannel channel;
  private final Chronicle chronicle;
  private final RecordingParticipant participant;
  private final Duration pause;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

  private enum Answer {
    DONE,
    AGAIN,
    NEVER
  }

  private interface Attempt {
    Answer make() throws InterruptedException;
  }

  /**
   * @param pause of each client between two flows
   */
  MixedClients(
      HttpClient client,
      LoadBalancer balancer,
      Chronicle chronicle,
      RecordingParticipant participant,
      Duration pause) {
    this.api = new Api(client, balancer.baseUrl());
    this.channel = NettyChannelBuilder.forTarget(balancer.grpcTarget()).usePlaintext().build();
    this.chronicle = chronicle;
    this.participant = participant;
    this.pause = pause;
  }

  /** Lets so many work until {@code over} says so. */
  void start(int count, Random random, BooleanSupplier over) {
    for (int i = 0; i < count; i++) {
      long seed = random.nextLong();
      boolean grpc = i % GRPC_SHARE == GRPC_SHARE - 1;
      threads.execute(() -> work(new Random(seed), grpc, over));
    }
  }

  /** Answers that no client should ever get. */
  List<String> unexpected() {
    return List.copyOf(unexpected);
  }

  /** Waits until all have come to the end of what they began. */
  void finish() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      unexpected.add("some clients have not come to an end after " + END_LIMIT);
    }
  }

  private void work(Random random, boolean grpc, BooleanSupplier over) {
    var flows = Flow.values();
    while (!over.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      var flow = flows[random.nextInt(flows.length)];
      carryOut(flow, grpc && flow != Flow.WORKFLOW);
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private void carryOut(Flow flow, boolean grpc) {
    var gid = chronicle.begin(flow, grpc);
    var deadline = System.nanoTime() + FLOW_LIMIT.toNanos();
    for (var request : flow.requests(gid, participant)) {
      Attempt attempt = () -> grpc ? overGrpc(request) : overRest(request);
      if (!insists(attempt, deadline)) {
        return;
      }
    }
    chronicle.acknowledge(gid);
  }

  private boolean insists(Attempt attempt, long deadline) {
    try {
      while (System.nanoTime() < deadline) {
        var begun = System.nanoTime();
        var answer = attempt.make();
        chronicle.answered(System.nanoTime() - begun);
        if (answer != Answer.AGAIN) {
          return answer == Answer.DONE;
        }
        chronicle.repeated();
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private Answer overRest(Flow.Request request) throws InterruptedException {
    try {
      var reply = api.post(request);
      int status = reply.statusCode();
      // 425: it is stored and goes on. 409: likewise, or it is past that already: the balancer
      // repeats requests by itself, too. Whether it comes to the right end is judged later.
      if (status == 200 || status == 425 || status == 409) {
        return Answer.DONE;
      }
      if (TRY_AGAIN.contains(status)) {
        return Answer.AGAIN;
      }
      unexpected.add("%s: %d %s".formatted(request, status, reply.body()));
      return Answer.NEVER;
    } catch (IOException e) {
      return Answer.AGAIN;
    }
  }

  private Answer overGrpc(Flow.Request request) {
    try {
      GrpcRequests.send(
          DtmGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS),
          request);
      return Answer.DONE;
    } catch (StatusRuntimeException e) {
      var code = e.getStatus().getCode();
      if (code == Status.Code.FAILED_PRECONDITION || code == Status.Code.ABORTED) {
        return Answer.DONE;
      }
      if (TRY_AGAIN_OVER_GRPC.contains(code)) {
        return Answer.AGAIN;
      }
      unexpected.add("gRPC: %s: %s".formatted(request, e.getStatus()));
      return Answer.NEVER;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    channel.shutdownNow();
  }
}
