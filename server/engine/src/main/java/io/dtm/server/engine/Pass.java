package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One run over one transaction: asks the machine, calls branches, writes, until the transaction has
 * ended or has to wait. Runs on one thread; calls end on others and report to the mailbox.
 */
final class Pass {
  /*
   * What is written when. The claim was stored before the pass began. A branch's success is kept in memory and written with the next
   * write, at the latest after the lazy-write delay: a crash costs a repeated call, never a lost one;
   * where a machine needs to know it, it is written before the next calls. A move to another status is written
   * before anything that follows from it, so compensations never start from a status that a crash could take back. The claim is renewed
   * at half of its lease.
   *
   * No call is begun after the end of the claim (a long pause of the process, a slow store): somebody else may be at work by then. The
   * pass first claims anew; that write is lost when somebody is.
   *
   * A write that finds another version has lost a race (I4) and changes nothing. Where the other writer only added branches and left us
   * our claim, we adopt what it wrote and decide anew; otherwise the pass ends.
   */

  /** The branch id under which a client is asked about a transaction as a whole. */
  private static final String CHECK_BACK_BRANCH = "00";

  private final TransactionRunner.Tools tools;
  private final Machine machine;
  private final PassState state = new PassState();
  private final BlockingQueue<Signal> mailbox = new LinkedBlockingQueue<>();
  private final CompletableFuture<PassEnd> ended = new CompletableFuture<>();

  private boolean handedOver;
  private GlobalTransaction stored;
  private GlobalTransaction current;
  private boolean unstoredSuccess;
  private volatile Instant claimEndsAt;
  private volatile Instant writeDueAt;
  private volatile boolean revoked;
  private volatile boolean over;
  private volatile boolean handingOver;

  private sealed interface Signal {
    record BranchEnded(int branch, BranchResult result) implements Signal {}

    record CheckBackEnded(BranchResult result) implements Signal {}

    record WriteDue() implements Signal {}

    record Revoked() implements Signal {}
  }

  private enum WriteEnd {
    APPLIED,
    ADOPTED,
    LOST
  }

  Pass(GlobalTransaction claimed, Machine machine, TransactionRunner.Tools tools) {
    this.stored = claimed;
    this.current = claimed;
    this.machine = machine;
    this.tools = tools;
    this.claimEndsAt = claimed.schedule().dueAt();
    this.writeDueAt = renewalTime(claimed);
  }

  /** Completed with the transaction as the pass left it, or with what broke the pass. */
  CompletableFuture<PassEnd> ended() {
    return ended;
  }

  /** Runs {@code next} once the pass is over, however it ended. */
  void afterwards(Runnable next) {
    var unused = ended.whenComplete((end, failure) -> next.run());
  }

  /**
   * Whether it knew of a newer version than the one that was claimed. To be asked once it is over.
   */
  boolean isBeyond(GlobalTransaction claimed) {
    return stored.version() > claimed.version();
  }

  /**
   * Makes the pass end without calling anything more; calls that run are not waited for. Any thread
   * may ask.
   */
  void revoke() {
    revoked = true;
    mailbox.add(new Signal.Revoked());
  }

  /**
   * Has the pass give its transaction back, due now, instead of calling anything more; calls that
   * run are waited for. Any thread may ask.
   */
  void handOver() {
    handingOver = true;
  }

  /**
   * Reminds the pass of a write that is due: progress to be stored, or a claim to be renewed. Any
   * thread may ask.
   */
  void remind(Instant now) {
    if (!now.isBefore(writeDueAt)) {
      writeDueAt = Instant.MAX;
      mailbox.add(new Signal.WriteDue());
    }
  }

  /** Runs to the end of the pass. */
  PassEnd run() throws InterruptedException {
    try {
      return runToEnd();
    } finally {
      over = true;
    }
  }

  private PassEnd runToEnd() throws InterruptedException {
    while (!revoked) {
      var verdict = machine.next(current, state, tools.clock().instant());
      var end =
          switch (verdict.decision()) {
            case Decision.Call ignored when handingOver -> leaveToOthers();
            case Decision.CheckBack ignored when handingOver -> leaveToOthers();
            case Decision.Call call -> !withClaim(() -> call.branches().forEach(this::start));
            case Decision.CheckBack checkBack ->
                !withClaim(() -> startCheckBack(checkBack.operation()));
            case Decision.Await ignored -> !take(mailbox.take());
            case Decision.Move move -> !move(move);
            case Decision.Pause pause -> pause(pause.schedule());
            case Decision.Done ignored -> true;
          };
      if (end) {
        return passEnd();
      }
    }
    tools.listener().on(new EngineEvent.PassLost(stored, "revoked by a command"));
    return passEnd();
  }

  /**
   * Begins calls while the claim holds and the store knows what it has to. Otherwise writes first,
   * and begins nothing yet.
   *
   * @return false when the race for the transaction is lost
   */
  private boolean withClaim(Runnable begin) {
    if (!hasClaim() || (unstoredSuccess && machine.storesSuccessFirst(current))) {
      return renewClaim();
    }
    begin.run();
    return true;
  }

  private boolean hasClaim() {
    return tools.clock().instant().isBefore(claimEndsAt);
  }

  /** Stores what was learned, and the claim until a lease from now; false when the race is lost. */
  private boolean renewClaim() {
    var end = write(current.withSchedule(renewedClaim(tools.clock().instant())));
    if (end == WriteEnd.ADOPTED) {
      writeDueAt = tools.clock().instant();
    }
    return end != WriteEnd.LOST;
  }

  private PassEnd passEnd() {
    return new PassEnd(stored, state.firstUnsettled().orElse(null), handedOver);
  }

  private boolean move(Decision.Move move) {
    var from = current.status();
    var now = tools.clock().instant();
    var next = current.movedTo(move.to(), move.reason(), now);
    var schedule = move.to().isFinal() ? next.schedule().due(now) : renewedClaim(now);
    var end = write(next.withSchedule(schedule));
    if (end == WriteEnd.APPLIED) {
      tools.listener().on(new EngineEvent.Moved(stored, from));
    }
    return end != WriteEnd.LOST;
  }

  private boolean pause(Schedule schedule) {
    var end = write(current.withSchedule(schedule));
    if (end == WriteEnd.APPLIED) {
      announcePause();
    }
    return end != WriteEnd.ADOPTED;
  }

  /** Whoever is called now may still answer, and then nobody needs to call it again. */
  private boolean leaveToOthers() throws InterruptedException {
    if (state.anyInFlight() || state.isCheckBackInFlight()) {
      return !take(mailbox.take());
    }
    handedOver = pause(current.schedule().due(tools.clock().instant()));
    return handedOver;
  }

  private Schedule renewedClaim(Instant now) {
    return current.schedule().claimed(tools.node(), now.plus(tools.config().lease()));
  }

  private void start(int index) {
    state.started(index);
    var branch = current.branches().get(index);
    if (branch.url().isEmpty()) {
      record(index, new BranchResult.Succeeded());
      return;
    }
    var call = call(branch.branchId(), branch.operation(), branch.url(), branch.payload());
    tools.threads().execute(() -> mailbox.add(new Signal.BranchEnded(index, carryOut(call))));
  }

  private void startCheckBack(Operation operation) {
    state.checkBackStarted();
    var payload =
        current.definition().spec() instanceof TransactionSpec.Workflow workflow
            ? workflow.data()
            : Payload.empty();
    var call = call(CHECK_BACK_BRANCH, operation, current.definition().checkBackUrl(), payload);
    tools.threads().execute(() -> mailbox.add(new Signal.CheckBackEnded(carryOut(call))));
  }

  /**
   * Asked again right before a call goes out: one that has waited for its turn is not made once the
   * pass has ended or was revoked (I2), hands its transaction over, or its claim has run out.
   */
  private boolean mayCall() {
    return !revoked && !over && !handingOver && hasClaim();
  }

  private BranchResult carryOut(BranchCall call) {
    if (revoked || over) {
      return new BranchResult.Deferred("the transaction was stopped before the call");
    }
    if (!hasClaim()) {
      return new BranchResult.Deferred("the node's claim ended before the call");
    }
    var startedAt = tools.clock().instant();
    var result = tools.callSafely(call);
    var took = Duration.between(startedAt, tools.clock().instant());
    tools.listener().on(new EngineEvent.BranchCalled(call, result, took));
    return result;
  }

  private BranchCall call(String branchId, Operation operation, String url, Payload payload) {
    var options = current.options();
    var timeout =
        options.requestTimeout().isZero()
            ? tools.config().requestTimeout()
            : options.requestTimeout();
    return new BranchCall(
        current.gid(),
        current.mode(),
        branchId,
        operation,
        current.definition().protocol(),
        url,
        payload,
        options.branchHeaders(),
        timeout,
        this::mayCall);
  }

  /** Acts on one signal; false when the race for the transaction is lost. */
  private boolean take(Signal signal) {
    return switch (signal) {
      case Signal.BranchEnded(int branch, var result) -> {
        record(branch, result);
        yield true;
      }
      case Signal.CheckBackEnded(var result) -> {
        state.checkBackEnded(result);
        yield true;
      }
      case Signal.WriteDue ignored -> renewClaim();
      case Signal.Revoked ignored -> true;
    };
  }

  private void record(int index, BranchResult result) {
    var now = tools.clock().instant();
    var branch = current.branches().get(index);
    var progress = branch.progress();
    switch (result) {
      case BranchResult.Succeeded ignored -> settle(index, progress.succeeded(now), now);
      case BranchResult.Refused(var message) -> {
        if (machine.mayBeRefused(branch)) {
          settle(index, progress.refused(message, now), now);
        } else {
          leaveOpen(index, result, progress.unclear(message, now), now);
        }
      }
      case BranchResult.Unclear(var message, var ignored) ->
          leaveOpen(index, result, progress.unclear(message, now), now);
      case BranchResult.Ongoing ignored -> state.leftOpen(index, result);
      case BranchResult.Deferred ignored -> state.leftOpen(index, result);
    }
  }

  private void settle(int index, Branch.Progress progress, Instant now) {
    state.settled(index);
    unstoredSuccess = true;
    change(index, progress, now);
  }

  private void leaveOpen(int index, BranchResult result, Branch.Progress progress, Instant now) {
    state.leftOpen(index, result);
    change(index, progress, now);
  }

  private void change(int index, Branch.Progress progress, Instant now) {
    current = current.withBranch(index, progress);
    var lazily = now.plus(tools.config().lazyWriteDelay());
    writeDueAt = lazily.isBefore(writeDueAt) ? lazily : writeDueAt;
  }

  private WriteEnd write(GlobalTransaction changed) {
    var next = changed.nextVersion(tools.clock().instant());
    return switch (tools.commits().write(new WriteCommand.Update(stored, next))) {
      case WriteOutcome.Applied ignored -> {
        stored = next;
        current = next;
        unstoredSuccess = false;
        claimEndsAt = next.schedule().dueAt();
        writeDueAt = renewalTime(next);
        yield WriteEnd.APPLIED;
      }
      case WriteOutcome.Conflict(var actual) -> {
        if (hasOnlyGrown(actual)) {
          adopt(actual);
          yield WriteEnd.ADOPTED;
        }
        stored = actual;
        tools.listener().on(new EngineEvent.PassLost(stored, "another version was stored"));
        yield WriteEnd.LOST;
      }
      case WriteOutcome.Unreadable(var why) -> {
        tools.listener().on(new EngineEvent.PassLost(stored, why));
        yield WriteEnd.LOST;
      }
      case WriteOutcome.Missing ignored -> {
        tools.listener().on(new EngineEvent.PassLost(stored, "the transaction was deleted"));
        yield WriteEnd.LOST;
      }
      // As with a store that failed, the transaction is taken up again after its claim.
      case WriteOutcome.Locked(var why) -> throw new StoreUnavailable(why);
      case WriteOutcome.Refused(var why) -> throw new StoreUnavailable(why);
    };
  }

  private boolean hasOnlyGrown(GlobalTransaction actual) {
    return actual.status() == stored.status()
        && actual.schedule().claimedBy().equals(tools.node())
        && actual.branches().size() > stored.branches().size();
  }

  /**
   * Takes over what another writer stored, and puts on top of it what this pass has learned since
   * its last write.
   */
  private void adopt(GlobalTransaction actual) {
    var branches = new ArrayList<>(actual.branches());
    for (int i = 0; i < stored.branches().size(); i++) {
      if (!current.branches().get(i).equals(stored.branches().get(i))) {
        branches.set(i, current.branches().get(i));
      }
    }
    stored = actual;
    claimEndsAt = actual.schedule().dueAt();
    current = new GlobalTransaction(actual.definition(), branches, actual.progress());
  }

  private Instant renewalTime(GlobalTransaction transaction) {
    return transaction.schedule().dueAt().minus(tools.config().lease().dividedBy(2));
  }

  private void announcePause() {
    var parking = stored.schedule().parking();
    if (parking == null) {
      announceRetries();
      return;
    }
    var obstacle = Obstacle.of(stored, state);
    tools.listener().on(new EngineEvent.Parked(stored, obstacle.url(), obstacle.heard(), parking));
  }

  private void announceRetries() {
    tools.dueNotice().accept(stored.schedule().dueAt());
    state
        .failures()
        .forEach((index, failure) -> announceRetry(stored.branches().get(index).url(), failure));
    state
        .checkBackFailure()
        .ifPresent(failure -> announceRetry(stored.definition().checkBackUrl(), failure));
  }

  private void announceRetry(String url, String failure) {
    tools
        .listener()
        .on(new EngineEvent.RetryScheduled(stored, url, failure, stored.schedule().failures()));
  }
}
