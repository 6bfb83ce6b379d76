package io.dtm.server.api.grpc;

import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.OversightGrpc;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.ConnectionLimit;
import io.dtm.server.engine.Coordinator;
import io.dtm.server.topics.Topics;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code dtmgimp.Dtm}, {@code dtmjava.Oversight}, health and reflection over gRPC without
 * TLS, each request on a virtual thread of its own. {@link #start} and {@link #stop} are for one
 * thread, each to be called once.
 */
public final class GrpcEdge {
  private static final int METADATA_BYTES_MAX = 16 * 1024;

  /**
   * Clients may give up this many calls within a while; who opens and gives up calls without end is
   * cut off.
   */
  private static final int GIVEN_UP_CALLS_MAX = 20_000;

  private static final int GIVEN_UP_CALLS_SECONDS = 10;

  /**
   * What clients may send on one connection before we have looked at it: a quarter of the library's
   * default, because there may be many connections.
   */
  private static final int WINDOW_BYTES = 256 * 1024;

  /** For connections to be closed and threads to end when all requests have been answered. */
  private static final Duration CLOSE_GRACE = Duration.ofMillis(500);

  private final GrpcEdgeConfig config;
  private final ByteBudget bytes;
  private final Answers answers;
  private final TransactionService service;
  private final OversightService oversight;
  private final HealthStatusManager health = new HealthStatusManager();
  private final AtomicBoolean toldThatItEnds = new AtomicBoolean();
  private @Nullable Running running;

  /** What exists between start and stop. */
  private record Running(
      Server server,
      EventLoopGroup acceptor,
      EventLoopGroup io,
      ExecutorService requests,
      ScheduledThreadPoolExecutor alarms) {}

  /** With as much memory as there is; see the other constructor. */
  public GrpcEdge(
      GrpcEdgeConfig config,
      Coordinator coordinator,
      Topics topics,
      Supplier<String> gids,
      InstantSource clock,
      RandomGenerator random) {
    this(config, coordinator, topics, gids, clock, random, ByteBudget.unlimited());
  }

  /**
   * Prepares everything; nothing listens yet.
   *
   * @param gids makes a new gid each time it is asked; must be thread-safe
   * @param clock for limits of the log
   * @param random for the ids of internal errors; must be thread-safe
   * @param bytes for the messages of requests in work
   */
  public GrpcEdge(
      GrpcEdgeConfig config,
      Coordinator coordinator,
      Topics topics,
      Supplier<String> gids,
      InstantSource clock,
      RandomGenerator random,
      ByteBudget bytes) {
    this.config = config;
    this.bytes = bytes;
    this.answers = new Answers(config.requestsMax(), clock, random);
    this.service =
        new TransactionService(
            coordinator,
            topics,
            gids,
            new RequestMapper(new JsonTexts(config.messageBytesMax(), config.stepsMax())),
            answers);
    this.oversight = new OversightService(coordinator, answers);
  }

  /**
   * Listens from now on.
   *
   * @throws IllegalStateException when the port cannot be had
   */
  public void start() {
    var acceptor = threads(1, "dtm-grpc-accept");
    var io = threads(Runtime.getRuntime().availableProcessors(), "dtm-grpc-io");
    var requests =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dtm-grpc-", 0).factory());
    var alarms =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("dtm-grpc-deadlines").factory());
    alarms.setRemoveOnCancelPolicy(true);
    var server =
        server(acceptor, io, requests, new ReceiveTimeLimit(config.receiveTimeout(), alarms));
    running = new Running(server, acceptor, io, requests, alarms);
    try {
      server.start();
    } catch (IOException e) {
      stop(Duration.ZERO);
      throw new IllegalStateException(
          "%s:%d cannot be listened on for gRPC (expected: a free port and an address of this machine)"
              .formatted(config.bindHost(), config.port()),
          e);
    }
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    health.setStatus(DtmGrpc.SERVICE_NAME, ServingStatus.SERVING);
    health.setStatus(OversightGrpc.SERVICE_NAME, ServingStatus.SERVING);
  }

  private Server server(
      EventLoopGroup acceptor,
      EventLoopGroup io,
      ExecutorService requests,
      ReceiveTimeLimit limit) {
    var connections = new ConnectionLimit<SocketAddress>(config.connectionsMax());
    return NettyServerBuilder.forAddress(new InetSocketAddress(config.bindHost(), config.port()))
        .channelFactory(() -> new LimitedServerChannel(connections))
        .bossEventLoopGroup(acceptor)
        .workerEventLoopGroup(io)
        .executor(requests)
        .flowControlWindow(WINDOW_BYTES)
        .handshakeTimeout(config.receiveTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .maxInboundMessageSize(config.messageBytesMax())
        .maxInboundMetadataSize(METADATA_BYTES_MAX)
        .maxConcurrentCallsPerConnection(config.callsPerConnectionMax())
        .maxRstFramesPerWindow(GIVEN_UP_CALLS_MAX, GIVEN_UP_CALLS_SECONDS)
        .maxConnectionIdle(config.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTime(config.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(config.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(config.keepAliveMin().toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addStreamTracerFactory(InboundBytes.within(bytes))
        .intercept(limit)
        .intercept(new BusyConnections(connections))
        .addService(service.definition())
        .addService(oversight.definition())
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .addService(reflectionForOldTools())
        .build();
  }

  @SuppressWarnings("deprecation") // deprecated in favour of v1, which older tools do not know
  private static BindableService reflectionForOldTools() {
    return ProtoReflectionService.newInstance();
  }

  private static EventLoopGroup threads(int count, String name) {
    return new MultiThreadIoEventLoopGroup(
        count, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }

  /** The port that it listens on, also when the configuration left the choice open. */
  public int port() {
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running.server().getPort();
  }

  /**
   * Says so to whoever asks for its health, and takes no new call or connection from now on. Calls
   * in work go on.
   */
  public void refuse() {
    tellThatItEnds();
    if (running != null) {
      running.server().shutdown();
    }
  }

  /** Once: the library warns of a second time. */
  private void tellThatItEnds() {
    if (toldThatItEnds.compareAndSet(false, true)) {
      health.enterTerminalState();
    }
  }

  /**
   * Refuses new calls, waits up to {@code patience} for those in work to be answered, then closes
   * all connections.
   */
  public void stop(Duration patience) {
    var stopped = running;
    if (stopped == null) {
      return;
    }
    running = null;
    tellThatItEnds();
    stopped.server().shutdown();
    if (!awaitEnd(stopped.server(), patience)) {
      stopped.server().shutdownNow();
      awaitEnd(stopped.server(), CLOSE_GRACE);
    }
    answers.close();
    stopped.alarms().shutdownNow();
    stopped.requests().shutdown();
    for (var group : new EventLoopGroup[] {stopped.acceptor(), stopped.io()}) {
      var unused = group.shutdownGracefully(0, CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static boolean awaitEnd(Server server, Duration patience) {
    try {
      return server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // no more patience
      return false;
    }
  }
}
