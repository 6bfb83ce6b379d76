package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionStatus;
import io.dtm.sdk.grpc.GrpcTransactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The Java client as applications use it, over HTTP and over gRPC, with the addresses of several
 * servers of which the first is asked as long as it lives. Each thread submits a saga and waits for
 * it, and then the next one.
 */
final class FailoverClients implements AutoCloseable {
  /** For each way. */
  private static final int THREADS = 4;

  private static final Duration LOOK = Duration.ofMillis(20);

  private final RecordingParticipant participant;
  private final TransactionClient http;
  private final GrpcTransactions grpc;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> running = new ArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final Set<String> submitted = ConcurrentHashMap.newKeySet();
  private volatile int limit = Integer.MAX_VALUE;

  FailoverClients(List<ServerProcess> servers, RecordingParticipant participant) {
    this.participant = participant;
    var urls = servers.stream().map(server -> server.baseUrl().toString());
    var targets = servers.stream().map(ServerProcess::grpcTarget);
    http = TransactionClient.of(urls.toArray(String[]::new));
    grpc = GrpcTransactions.of(targets.toArray(String[]::new));
  }

  void start() {
    for (int i = 0; i < THREADS; i++) {
      running.add(threads.submit(() -> submitUpToTheLimit(http)));
      running.add(threads.submit(() -> submitUpToTheLimit(grpc.client())));
    }
  }

  void awaitSubmitted(int count) {
    while (submitted.size() < count && running.stream().noneMatch(Future::isDone)) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Ends with the first exception that a client has seen, after so many more sagas if none did. */
  void finish(int more) throws Exception {
    limit = begun.get() + more;
    for (var one : running) {
      one.get();
    }
  }

  /** Every saga has taken effect; only those that were in work at the kill were called twice. */
  void check(Duration patience) {
    int twice = 0;
    for (var gid : submitted) {
      assertThat(http.waitFor(gid, patience).status())
          .as(gid)
          .isEqualTo(TransactionStatus.SUCCEEDED);
      var calls = participant.calls(gid);
      assertThat(new HashSet<>(calls)).as(gid).containsExactlyInAnyOrder("01 action", "02 action");
      twice += calls.size() > 2 ? 1 : 0;
    }
    System.out.printf(
        "FailoverClients: %d sagas, of which %d were called again%n", submitted.size(), twice);
    assertThat(twice).isLessThanOrEqualTo(2 * THREADS);
  }

  private void submitUpToTheLimit(TransactionClient client) {
    for (int i = begun.getAndIncrement(); i < limit; i = begun.getAndIncrement()) {
      var saga =
          client
              .saga("failover-" + i)
              .step(participant.url("/out"), participant.url("/out-back"), Map.of("n", i))
              .step(participant.url("/in"), participant.url("/in-back"), Map.of("n", i))
              .waitForResult();
      var result = saga.submit();
      submitted.add(result.gid());
    }
  }

  @Override
  public void close() {
    limit = 0;
    threads.close();
    grpc.close();
  }
}
