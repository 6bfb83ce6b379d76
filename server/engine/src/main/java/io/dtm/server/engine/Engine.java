package io.dtm.server.engine;

import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Gid;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TopicDirectory;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionResumer;
import io.dtm.server.core.TransactionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * One node's engine: its parts, put together, with a beginning and an end. The store, the timer and
 * the caller belong to whoever made them; the engine closes none of them.
 */
public final class Engine implements AutoCloseable, TransactionResumer {
  private final Activity activity = new Activity();
  private final GroupCommit commits;
  private final TransactionRunner runner;
  private final DueScanner scanner;
  private final Retention retention;
  private final Coordinator coordinator;
  private volatile boolean draining;

  /** With as much memory as there is; see the other constructor. */
  public Engine(
      EngineConfig config,
      String node,
      TransactionStore store,
      BranchCaller caller,
      TopicDirectory topics,
      InstantSource clock,
      Timer timer,
      EngineThreads threads,
      EngineListener listener) {
    this(
        config,
        node,
        store,
        caller,
        topics,
        clock,
        timer,
        threads,
        listener,
        ByteBudget.unlimited());
  }

  /**
   * @param node this node's name among those that share the store; a restarted node has another one
   * @param bytes for the transactions that are in work
   */
  public Engine(
      EngineConfig config,
      String node,
      TransactionStore store,
      BranchCaller caller,
      TopicDirectory topics,
      InstantSource clock,
      Timer timer,
      EngineThreads threads,
      EngineListener listener,
      ByteBudget bytes) {
    var retryRule =
        new RetryRule(
            config.retryInterval(),
            config.retryIntervalMax(),
            config.timeoutToFail(),
            config.retryPolicies());
    commits =
        new GroupCommit(
            store, config.pendingWritesMax(), config.writeBatchMax(), config.writers(), threads);
    var tools =
        new TransactionRunner.Tools(
            config, node, commits, caller, clock, threads.passes(), listener, this::notice);
    var machines =
        Map.of(
            TransactionMode.SAGA, new SagaMachine(retryRule),
            TransactionMode.TCC, TwoPhaseMachine.tcc(retryRule),
            TransactionMode.XA, TwoPhaseMachine.xa(retryRule),
            TransactionMode.MESSAGE, new MessageMachine(retryRule),
            TransactionMode.WORKFLOW, new WorkflowMachine(retryRule));
    runner = new TransactionRunner(machines, tools, timer, activity);
    var places = new RunQueue(config.submissionsMax(), config.retriesMax(), bytes);
    scanner =
        new DueScanner(
            store, runner, places, config, node, clock, timer, threads, listener, activity);
    retention = new Retention(store, config.retention(), clock, timer, threads, listener, activity);
    coordinator =
        new Coordinator(
            store,
            commits,
            runner,
            places,
            scanner,
            new TransactionPlanner(retryRule, topics),
            retryRule,
            new Coordinator.Parts(config.lease(), clock, timer, listener));
  }

  private void notice(Instant dueAt) {
    scanner.notice(dueAt);
  }

  /** Starts to look for what is due. Commands may be given from now on. */
  public void start() {
    commits.start();
    scanner.start();
    retention.start();
  }

  public Coordinator coordinator() {
    return coordinator;
  }

  /** For whoever knows that a transaction need not wait for its due time. */
  @Override
  public boolean resume(Gid gid) {
    try {
      return !draining && coordinator.resume(gid);
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  /**
   * Waits until no pass runs and nothing that is due waits to be started.
   *
   * @return whether that came true within {@code limit}
   */
  public boolean awaitQuiet(Duration limit) throws InterruptedException {
    return activity.awaitNone(limit);
  }

  /**
   * Tells how many nodes share the store, this one among them; until told otherwise it is alone.
   */
  public void shareWith(int nodes) {
    if (nodes < 1) {
      throw new IllegalArgumentException("nodes: %d (expected: >= 1)".formatted(nodes));
    }
    scanner.shareWith(nodes);
  }

  /** How many passes run now, give or take a look for what is due. */
  public int running() {
    return activity.running();
  }

  /** Takes up nothing more of what falls due. Commands and the passes that run go on. */
  public void stopClaiming() {
    draining = true;
    scanner.close();
    retention.close();
  }

  /**
   * Takes up nothing more and waits for the passes that run. Those that are not over after half of
   * {@code limit} are handed over: they call nothing more, and as soon as no call of theirs is in
   * flight they give their claim back, so that another node goes on at once.
   *
   * @return how many passes were still running when {@code limit} ran out: a call of theirs is in
   *     flight, so their transactions keep their lease and are taken up again after it
   */
  public int drain(Duration limit) throws InterruptedException {
    stopClaiming();
    var half = limit.dividedBy(2);
    if (activity.awaitNone(half)) {
      return 0;
    }
    runner.handOver();
    return activity.awaitNone(half) ? 0 : activity.running();
  }

  /**
   * Stops at once. Whatever was acknowledged is stored; the rest fails with {@link
   * io.dtm.server.core.StoreUnavailable}.
   */
  @Override
  public void close() {
    stopClaiming();
    commits.close();
  }
}
