package io.dtm.server.engine;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionMode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Carries out what the machines decide. One transaction has one pass at a time on this node: a lane
 * for each gid. The first run, the thousandth retry and the recovery after a kill all take this
 * path. Thread-safe.
 */
final class TransactionRunner {
  private final Map<TransactionMode, Machine> machines;
  private final Tools tools;
  private final Activity activity;
  private final Map<Gid, Pass> lanes = new ConcurrentHashMap<>();
  private final Map<Gid, CompletableFuture<Optional<Pass>>> awaited = new ConcurrentHashMap<>();
  private final LeaseKeeper leaseKeeper;
  private volatile boolean handingOver;

  /**
   * What every pass works with.
   *
   * @param threads where passes and calls run: a thread each, virtual in production
   * @param dueNotice told of every new due time
   */
  record Tools(
      EngineConfig config,
      String node,
      GroupCommit commits,
      BranchCaller caller,
      InstantSource clock,
      Executor threads,
      EngineListener listener,
      Consumer<Instant> dueNotice) {

    /**
     * The caller promises results; should it break that promise, the call counts as unclear and the
     * defect is reported.
     */
    BranchResult callSafely(BranchCall call) {
      try {
        return caller.call(call);
      } catch (RuntimeException | Error e) {
        listener.on(new EngineEvent.Disturbed("call of " + call.url(), e));
        return new BranchResult.Unclear("internal error: " + e);
      }
    }
  }

  TransactionRunner(
      Map<TransactionMode, Machine> machines, Tools tools, Timer timer, Activity activity) {
    this.machines = Map.copyOf(machines);
    this.tools = tools;
    this.activity = activity;
    this.leaseKeeper =
        new LeaseKeeper(this, timer, tools.clock(), tools.config().lazyWriteDelay().dividedBy(2));
  }

  /** The pass that is running on this node for a transaction. */
  Optional<Pass> running(Gid gid) {
    return Optional.ofNullable(lanes.get(gid));
  }

  /**
   * The pass that is running for a transaction, or the next one. Whoever does not want to wait any
   * longer completes it with nothing; so it is then for all who wait for the same.
   */
  CompletableFuture<Optional<Pass>> nextPass(Gid gid) {
    var next = awaited.computeIfAbsent(gid, g -> new CompletableFuture<>());
    var unused = next.whenComplete((pass, failure) -> awaited.remove(gid, next));
    running(gid).ifPresent(pass -> next.complete(Optional.of(pass)));
    return next;
  }

  /**
   * Runs a pass over a transaction that this node has claimed, on a thread of its own. Should
   * another pass have the lane, this one follows it, unless the other began from a newer version: a
   * command may have overtaken the claim of a scan.
   */
  void start(GlobalTransaction claimed, RunQueue.Place place) {
    enter(claimed, place)
        .ifPresent(entry -> {
          switch (entry) {
            case Entry.Mine(var pass) -> tools.threads().execute(() -> run(pass, claimed, place));
            case Entry.Theirs(var pass) -> pass.afterwards(() -> follow(pass, claimed, place));
          }
        });
  }

  private void follow(Pass earlier, GlobalTransaction claimed, RunQueue.Place place) {
    if (earlier.isBeyond(claimed)) {
      place.close();
    } else {
      start(claimed, place);
    }
  }

  /**
   * Like {@link #start}, on the calling thread.
   *
   * @return how the pass left it; empty when there is no pass to run: the claim was overtaken, or
   *     this node cannot run such transactions
   */
  Optional<PassEnd> runHere(GlobalTransaction claimed, RunQueue.Place place) {
    while (true) {
      var entry = enter(claimed, place);
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      switch (entry.get()) {
        case Entry.Mine(var pass) -> {
          run(pass, claimed, place);
          return Optional.of(pass.ended().join());
        }
        case Entry.Theirs(var pass) -> {
          pass.ended().handle((end, failure) -> true).join();
          if (pass.isBeyond(claimed)) {
            place.close();
            return Optional.empty();
          }
        }
      }
    }
  }

  /** The calling node's name, under which it claims. */
  String node() {
    return tools.node();
  }

  /** Reminds every pass of writes that are due. */
  void remindAll(Instant now) {
    lanes.values().forEach(pass -> pass.remind(now));
  }

  /** Has every pass, also one that begins later, leave what is to be called to other nodes. */
  void handOver() {
    handingOver = true;
    lanes.values().forEach(Pass::handOver);
  }

  boolean isIdle() {
    return lanes.isEmpty();
  }

  /** Who has the lane. */
  private sealed interface Entry {
    record Mine(Pass pass) implements Entry {}

    record Theirs(Pass pass) implements Entry {}
  }

  private Optional<Entry> enter(GlobalTransaction claimed, RunQueue.Place place) {
    var machine = machines.get(claimed.mode());
    if (machine == null) {
      place.close();
      var unknown = "mode %s (expected: one of %s)".formatted(claimed.mode(), machines.keySet());
      tools
          .listener()
          .on(
              new EngineEvent.Disturbed(
                  "pass over " + claimed.gid(), new IllegalStateException(unknown)));
      return Optional.empty();
    }
    var pass = new Pass(claimed, machine, tools);
    var earlier = lanes.putIfAbsent(claimed.gid(), pass);
    if (earlier != null) {
      return Optional.of(new Entry.Theirs(earlier));
    }
    var waiting = awaited.get(claimed.gid());
    if (waiting != null) {
      waiting.complete(Optional.of(pass));
    }
    if (handingOver) {
      pass.handOver();
    }
    activity.begin();
    leaseKeeper.passBegins();
    return Optional.of(new Entry.Mine(pass));
  }

  private void run(Pass pass, GlobalTransaction claimed, RunQueue.Place place) {
    Runnable report =
        () -> pass.ended().completeExceptionally(new IllegalStateException("broken pass"));
    try {
      var end = pass.run();
      report = () -> pass.ended().complete(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      report = () -> pass.ended().completeExceptionally(e);
    } catch (Exception e) {
      // Whatever it was, the claim runs out by itself and the transaction is taken up again.
      tools.listener().on(new EngineEvent.Disturbed("pass over " + claimed.gid(), e));
      tools.dueNotice().accept(claimed.schedule().dueAt());
      report = () -> pass.ended().completeExceptionally(e);
    } finally {
      lanes.remove(claimed.gid(), pass);
      place.close();
      report.run();
      activity.end();
    }
  }
}
