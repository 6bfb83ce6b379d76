package io.dtm.server.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmProgressesReply;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.engine.Engine;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.EngineThreads;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.topics.Topics;
import io.dtm.testing.outage.InterruptibleStore;
import io.dtm.testing.time.VirtualTime;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The real edge on a free port, before the real engine over a store in memory, and a real client;
 * only participants are played, and time stands still.
 */
final class RunningEdge implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  final VirtualTime time = new VirtualTime(START);
  final Topics topics = new Topics(new MemoryTransactionStore(time), Duration.ofSeconds(3), time);
  final List<BranchCall> calls = new CopyOnWriteArrayList<>();
  final GrpcEdge edge;
  final Engine engine;
  final ManagedChannel channel;

  private final InterruptibleStore store =
      InterruptibleStore.over(new MemoryTransactionStore(time));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Function<BranchCall, BranchResult> participant =
      call -> new BranchResult.Succeeded();

  RunningEdge() {
    this(config());
  }

  RunningEdge(GrpcEdgeConfig config) {
    this(config, ByteBudget.unlimited());
  }

  RunningEdge(GrpcEdgeConfig config, ByteBudget bytes) {
    engine =
        new Engine(
            EngineConfig.defaults(),
            "n1",
            store,
            this::call,
            topics,
            time,
            time,
            EngineThreads.over(threads),
            e -> {});
    engine.start();
    edge =
        new GrpcEdge(
            config,
            engine.coordinator(),
            topics,
            new GidCounter()::next,
            time,
            new Random(1),
            bytes);
    edge.start();
    channel = channel();
  }

  /** The default limits on a free port. */
  static GrpcEdgeConfig config() {
    return config(GrpcEdgeConfig.MESSAGE_BYTES_MAX_DEFAULT, 64, 64, Duration.ofSeconds(30));
  }

  static GrpcEdgeConfig config(
      int messageBytesMax, int connectionsMax, int requestsMax, Duration receiveTimeout) {
    var defaults = GrpcEdgeConfig.defaults();
    return new GrpcEdgeConfig(
        0,
        "127.0.0.1",
        messageBytesMax,
        100,
        connectionsMax,
        defaults.callsPerConnectionMax(),
        requestsMax,
        receiveTimeout,
        Duration.ofSeconds(2),
        defaults.keepAliveTime(),
        defaults.keepAliveTimeout(),
        defaults.keepAliveMin());
  }

  private static final class GidCounter {
    private int count;

    synchronized String next() {
      return "gid-" + ++count;
    }
  }

  private BranchResult call(BranchCall call) {
    calls.add(call);
    return participant.apply(call);
  }

  /** A connection of its own. */
  ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
        .usePlaintext()
        .maxInboundMessageSize(64 * 1024 * 1024)
        .build();
  }

  DtmGrpc.DtmBlockingStub client() {
    return client(channel);
  }

  static DtmGrpc.DtmBlockingStub client(ManagedChannel channel) {
    return DtmGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  Status prepare(DtmRequest request) {
    return status(() -> client().prepare(request));
  }

  Status submit(DtmRequest request) {
    return status(() -> client().submit(request));
  }

  Status abort(DtmRequest request) {
    return status(() -> client().abort(request));
  }

  Status register(DtmBranchRequest request) {
    return status(() -> client().registerBranch(request));
  }

  Status prepareWorkflow(DtmRequest request) {
    return status(() -> client().prepareWorkflow(request));
  }

  DtmProgressesReply progresses(DtmRequest request) {
    return client().prepareWorkflow(request);
  }

  static Status status(Supplier<?> call) {
    try {
      var answer = call.get();
      assertThat(answer).isInstanceOfAny(Empty.class, DtmProgressesReply.class);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  static DtmRequest request(String gid, String transType) {
    return builder(gid, transType).build();
  }

  static DtmRequest.Builder builder(String gid, String transType) {
    return DtmRequest.newBuilder().setGid(gid).setTransType(transType);
  }

  static DtmRequest.Builder saga(String gid) {
    return builder(gid, "saga")
        .setSteps(
            "[{\"action\":\"shop:1/busi.Busi/Out\",\"compensate\":\"shop:1/busi.Busi/OutBack\"},"
                + "{\"action\":\"http://bank/in\",\"compensate\":\"\"}]")
        .addBinPayloads(ByteString.copyFromUtf8("p0"))
        .addBinPayloads(ByteString.copyFromUtf8("p1"));
  }

  static DtmTransOptions.Builder waits() {
    return DtmTransOptions.newBuilder().setWaitResult(true);
  }

  static DtmRequest waiting(DtmRequest request) {
    return request.toBuilder().setTransOptions(waits()).build();
  }

  static DtmBranchRequest.Builder branch(String gid, String transType, Map<String, String> data) {
    return DtmBranchRequest.newBuilder()
        .setGid(gid)
        .setTransType(transType)
        .setBranchID("01")
        .putAllData(data);
  }

  /** How participants answer from now on. */
  void participant(Function<BranchCall, BranchResult> answer) {
    participant = answer;
  }

  /** What every use of the store throws from now on. */
  void storeThrows(RuntimeException trouble) {
    store.interrupt(trouble);
  }

  GlobalTransaction stored(String gid) {
    return store.find(new Gid(gid)).orElseThrow();
  }

  List<GlobalTransaction> stored() {
    return store.list(TransactionFilter.all(), "", 1_000).transactions();
  }

  boolean isStored(String gid) {
    return store.find(new Gid(gid)).isPresent();
  }

  void awaitQuiet() {
    try {
      assertThat(engine.awaitQuiet(PATIENCE)).as("engine at rest").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.resume();
    channel.shutdownNow();
    edge.stop(Duration.ZERO);
    engine.close();
    threads.shutdownNow();
  }
}
