package io.dtm.server.app;

import io.dtm.server.api.GidGenerator;
import io.dtm.server.api.HttpEdge;
import io.dtm.server.api.grpc.GrpcEdge;
import io.dtm.server.branch.AlertWebhook;
import io.dtm.server.branch.BoundedHttpClient;
import io.dtm.server.branch.BranchCallers;
import io.dtm.server.branch.HttpBranchCaller;
import io.dtm.server.branch.JsonRpcBranchCaller;
import io.dtm.server.branch.LimitedBranchCaller;
import io.dtm.server.branch.LocalhostRewrite;
import io.dtm.server.branch.grpc.GrpcBranchCaller;
import io.dtm.server.branch.grpc.GrpcBranchCallerConfig;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Timer;
import io.dtm.server.engine.Engine;
import io.dtm.server.engine.EngineThreads;
import io.dtm.server.nodes.NodeAnnouncer;
import io.dtm.server.stores.OpenStore;
import io.dtm.server.topics.Topics;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Makes the parts of a server out of its configuration, around a store. Starts nothing. */
final class Wiring {
  private final ServerConfig config;
  private final OpenStore store;
  private final InstantSource clock;
  private final String node = newNodeName();

  /**
   * Apart from each other, so that requests which fill the one can still be answered when the other
   * is full.
   */
  private final ByteBudget bytesOfRequests;

  private final ByteBudget bytesOfTransactions;

  Wiring(ServerConfig config, OpenStore store) {
    this.config = config;
    this.store = store;
    this.clock = store.clock();
    this.bytesOfRequests = new ByteBudget(config.bytesInWorkMax() / 2);
    this.bytesOfTransactions = new ByteBudget(config.bytesInWorkMax() / 2);
  }

  SystemTimer timer() {
    return new SystemTimer(clock);
  }

  BoundedHttpClient httpClient() {
    return new BoundedHttpClient("dtm-java/" + Version.current(), config.branch().proxies());
  }

  AlertWebhook alerts(BoundedHttpClient client) {
    return new AlertWebhook(config.alert(), client, clock);
  }

  Topics topics() {
    return new Topics(store.keyValues(), config.topicRefresh(), clock);
  }

  GrpcBranchCaller grpcCaller() {
    return new GrpcBranchCaller(GrpcBranchCallerConfig.defaults(), clock);
  }

  /** The ways to the participants; the engine closes none of them. */
  record Callers(BoundedHttpClient http, GrpcBranchCaller grpc) {}

  Engine engine(Callers callers, Topics topics, Timer timer, AlertWebhook alerts) {
    EngineListener log = new LoggingListener(clock);
    EngineListener listener =
        event -> {
          log.on(event);
          alerts.on(event);
        };
    Executor threads = task -> Thread.ofVirtual().name("transaction").start(task);
    var limited =
        new LimitedBranchCaller(
            byProtocol(callers), config.branch().limits(), clock, timer, threads, listener);
    var engine =
        new Engine(
            config.engine().toEngineConfig(),
            node,
            store.transactions(),
            config.branch().localhostIsHost() ? new LocalhostRewrite(limited) : limited,
            topics,
            clock,
            timer,
            EngineThreads.over(threads),
            listener,
            bytesOfTransactions);
    limited.start(engine);
    return engine;
  }

  private static BranchCaller byProtocol(Callers callers) {
    return new BranchCallers(
        new HttpBranchCaller(callers.http()),
        new JsonRpcBranchCaller(callers.http(), new SecureRandom()),
        callers.grpc());
  }

  /**
   * Another one after every start, so that a restarted server never takes its old claims for its
   * own.
   */
  private static String newNodeName() {
    return "%d-%08x".formatted(ProcessHandle.current().pid(), new SecureRandom().nextInt());
  }

  NodeAnnouncer announcer(Engine engine, Timer timer, int httpPort, int grpcPort) {
    return new NodeAnnouncer(
        store.keyValues(),
        new NodeAnnouncer.Self(node, HostName.current(), httpPort, grpcPort, Version.current()),
        clock,
        timer,
        task -> Thread.ofVirtual().name("nodes").start(task),
        new NodeAnnouncer.Work(engine::running, engine::shareWith));
  }

  HttpEdge httpEdge(Engine engine, Topics topics) {
    return new HttpEdge(
        config.http(),
        engine.coordinator(),
        topics,
        store.keyValues(),
        clock,
        new SecureRandom(),
        bytesOfRequests);
  }

  GrpcEdge grpcEdge(Engine engine, Topics topics) {
    var random = new SecureRandom();
    return new GrpcEdge(
        config.grpc(),
        engine.coordinator(),
        topics,
        new GidGenerator(random)::next,
        clock,
        random,
        bytesOfRequests);
  }
}
