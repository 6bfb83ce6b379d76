package io.dtm.testing.embedded;

import io.dtm.server.api.HttpEdge;
import io.dtm.server.api.HttpEdgeConfig;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.LimitedBranchCaller;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.engine.Engine;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.EngineThreads;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.topics.Topics;
import io.dtm.testing.outage.InterruptibleStore;
import io.dtm.testing.time.VirtualTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;

/** The engine and the edge from a start to a crash; store, time and port outlive them. */
final class ServerLife {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
  private static final String GONE = "the server has crashed";

  private final InterruptibleStore store;
  private final Engine engine;
  private final HttpEdge edge;

  /**
   * What every life is made of.
   *
   * @param caller calls participants; used by all lives
   * @param around put around each life's way to the participants
   */
  record Parts(
      EngineConfig config,
      DestinationLimits limits,
      MemoryTransactionStore store,
      VirtualTime time,
      ExecutorService threads,
      BranchCaller caller,
      UnaryOperator<BranchCaller> around) {}

  ServerLife(Parts parts, int number, int port) {
    store = InterruptibleStore.over(parts.store());
    var time = parts.time();
    var topics = new Topics(store, Duration.ZERO, time);
    var limited =
        new LimitedBranchCaller(
            parts.caller(), parts.limits(), time, time, Runnable::run, event -> {});
    var around = parts.around().apply(limited);
    engine =
        new Engine(
            parts.config(),
            "embedded-" + number,
            store,
            call -> callUnlessGone(call, around),
            topics,
            time,
            time,
            EngineThreads.over(parts.threads()),
            event -> {});
    limited.start(engine);
    edge =
        new HttpEdge(
            at(port),
            engine.coordinator(),
            topics,
            store,
            InstantSource.system(),
            new SecureRandom());
  }

  /** A crashed server begins no call, and never learns how the ones that it had begun end. */
  private BranchResult callUnlessGone(BranchCall call, BranchCaller around) {
    var result = store.isInterrupted() ? new BranchResult.Deferred(GONE) : around.call(call);
    return store.isInterrupted() ? new BranchResult.Deferred(GONE) : result;
  }

  private static HttpEdgeConfig at(int port) {
    var defaults = HttpEdgeConfig.defaults();
    return new HttpEdgeConfig(
        port,
        "127.0.0.1",
        defaults.version(),
        defaults.zone(),
        defaults.timeoutToFail(),
        defaults.bodyBytesMax(),
        defaults.stepsMax(),
        defaults.listMax(),
        defaults.connectionsMax(),
        defaults.requestsMax(),
        defaults.transferTimeout(),
        defaults.idleTimeout());
  }

  void start() {
    engine.start();
    edge.start();
  }

  int port() {
    return edge.port();
  }

  /** Cuts it off from the store; returns at once, and may be asked for on any thread. */
  void cut() {
    store.interrupt(new StoreUnavailable(GONE));
  }

  boolean isCut() {
    return store.isInterrupted();
  }

  boolean awaitQuiet(Duration limit) throws InterruptedException {
    return engine.awaitQuiet(limit);
  }

  void end() {
    edge.stop(STOP_LIMIT);
    engine.close();
  }
}
