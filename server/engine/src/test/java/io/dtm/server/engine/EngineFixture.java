package io.dtm.server.engine;

import static io.dtm.server.engine.Sagas.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;

/**
 * A real engine over an observed in-memory store, with scripted participants and time that the test
 * moves.
 */
abstract class EngineFixture {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final BranchResult UNCLEAR = new BranchResult.Unclear("HTTP 500");
  static final BranchResult REFUSED = new BranchResult.Refused("no");
  static final BranchResult ONGOING = new BranchResult.Ongoing();
  static final TransactionOptions DEFAULTS = TransactionOptions.defaults();
  static final TransactionOptions WAITED =
      new TransactionOptions(true, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, false, Map.of());

  /** Polls so rarely that only exact alarms can make a test pass. */
  static final EngineConfig CONFIG = configWith(4_096, 2_048);

  final VirtualTime time = new VirtualTime(START);
  final ObservedStore store = new ObservedStore(new MemoryTransactionStore(time));
  final Participants participants = new Participants();
  final Map<String, List<String>> topics = new ConcurrentHashMap<>();
  final ConcurrentLinkedQueue<EngineEvent> events = new ConcurrentLinkedQueue<>();
  final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Engine> engines = new ArrayList<>();
  final Engine engine = startEngine("node-1", time, CONFIG);
  final Coordinator coordinator = engine.coordinator();

  @AfterEach
  void close() {
    engines.forEach(Engine::close);
  }

  Engine startEngine(String node, VirtualTime itsTimer, EngineConfig config) {
    return startEngine(node, itsTimer, config, ByteBudget.unlimited());
  }

  Engine startEngine(String node, VirtualTime itsTimer, EngineConfig config, ByteBudget bytes) {
    var started =
        new Engine(
            config,
            node,
            store,
            participants,
            topic -> topics.getOrDefault(topic, List.of()),
            time,
            itsTimer,
            EngineThreads.over(threads),
            events::add,
            bytes);
    started.start();
    engines.add(started);
    return started;
  }

  static EngineConfig configWith(int submissionsMax, int retriesMax) {
    return configWith(submissionsMax, retriesMax, Duration.ofDays(7));
  }

  static EngineConfig configWith(int submissionsMax, int retriesMax, Duration retention) {
    var d = EngineConfig.defaults();
    return new EngineConfig(
        d.retryInterval(),
        d.retryIntervalMax(),
        d.timeoutToFail(),
        d.requestTimeout(),
        d.lease(),
        Duration.ofHours(1),
        d.lazyWriteDelay(),
        submissionsMax,
        retriesMax,
        d.pendingWritesMax(),
        d.writeBatchMax(),
        2,
        RetentionPeriods.same(retention));
  }

  /** Submits a saga that debits and credits. */
  CommandOutcome submit(String gid, TransactionOptions options) {
    return coordinator.submit(Sagas.request(gid, options, step("debit"), step("credit")));
  }

  GlobalTransaction stored(String gid) {
    return store.find(new Gid(gid)).orElseThrow();
  }

  List<BranchStatus> branchStatuses(String gid) {
    return stored(gid).branches().stream().map(Branch::status).toList();
  }

  void settle() {
    engines.forEach(EngineFixture::settle);
  }

  static void settle(Engine engine) {
    try {
      assertThat(engine.awaitQuiet(Duration.ofSeconds(30))).as("comes to rest").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void advance(Duration duration) {
    time.advance(duration, this::settle);
  }

  /**
   * Moves time on in small steps, for tests in which a call is held and the engine therefore never
   * comes to rest.
   */
  void stepTimeUntilStored(String gid, Predicate<GlobalTransaction> condition)
      throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      if (store.awaitWrite(new Gid(gid), condition, Duration.ofMillis(20))) {
        return;
      }
      time.advance(Duration.ofMillis(100), () -> {});
    }
    throw new AssertionError("not stored within 100 s of moved time: " + stored(gid));
  }

  void awaitStored(String gid, Predicate<GlobalTransaction> condition) throws InterruptedException {
    assertThat(store.awaitWrite(new Gid(gid), condition, Duration.ofSeconds(30)))
        .as("written within 30 s")
        .isTrue();
  }
}
