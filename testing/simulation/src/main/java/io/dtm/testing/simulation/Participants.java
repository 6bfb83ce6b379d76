package io.dtm.testing.simulation;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** All participants, and the senders of messages and workflows, as far as the server calls them. */
final class Participants {
  private static final BranchResult UNCLEAR = new BranchResult.Unclear("HTTP 500");
  private static final BranchResult TIME_UP =
      new BranchResult.Unclear("no answer in time", Availability.UNAVAILABLE);
  private static final BranchResult UNREACHABLE =
      new BranchResult.Unclear("connection refused", Availability.UNAVAILABLE);

  /** What the URLs of those begin with who may fall silent. */
  private static final String PARTICIPANT = "http://participant/";

  private final World world;
  private final History history;
  private final Coverage coverage;
  private final Effects effects;
  private final Defect defect;
  private final Plan plan;
  private final Map<String, Integer> asked = new HashMap<>();
  private final Set<String> committed = new HashSet<>();
  private final Set<String> rolledBack = new HashSet<>();
  private @Nullable Resumption resumption;

  private long silentUntil;

  /** Has the client of a workflow go on. */
  interface Resumption {
    BranchResult resume(String gid);
  }

  Participants(
      World world, History history, Coverage coverage, Effects effects, Plan plan, Defect defect) {
    this.world = world;
    this.history = history;
    this.coverage = coverage;
    this.effects = effects;
    this.defect = defect;
    this.plan = plan;
  }

  /** From now on nobody reaches those who carry out steps; a longer silence wins. */
  void fallSilent(Duration lasts) {
    silentUntil = Math.max(silentUntil, world.nanos() + lasts.toNanos());
  }

  private boolean isSilent(BranchCall call) {
    return world.nanos() < silentUntil && call.url().startsWith(PARTICIPANT);
  }

  void resumeBy(Resumption next) {
    resumption = next;
  }

  /**
   * The sender of a message commits its local transaction, unless it has told the server that it
   * never will.
   */
  boolean commitLocally(String gid) {
    return !rolledBack.contains(gid) && committed.add(gid);
  }

  boolean hasCommittedLocally(String gid) {
    return committed.contains(gid);
  }

  /** A node calls; on its thread, which waits. */
  BranchResult call(NodeProcess from, BranchCall call) {
    if (defect == Defect.SKIPPED_COMPENSATION && call.operation().equals(Operation.COMPENSATE)) {
      return new BranchResult.Succeeded();
    }
    history.callBegins(from.name(), call);
    var answer = new CompletableFuture<BranchResult>();
    if (isSilent(call)) {
      reply(world.millis(0, 20), false, call, UNREACHABLE, answer);
    } else {
      var wish = nextAnswer(call);
      wish.ifPresent(w -> coverage.count("answer " + w));
      if (wish.isPresent()) {
        deliver(call, wish.get(), answer);
      } else {
        reply(world.millis(0, 20), true, call, null, answer);
      }
    }
    var result = answer.join();
    history.callEnds(call, result);
    return result;
  }

  private void deliver(BranchCall call, Plan.Answer wish, CompletableFuture<BranchResult> answer) {
    var soon = world.millis(0, 20);
    var timeUp = call.timeout();
    switch (wish) {
      case ONGOING -> reply(soon, false, call, new BranchResult.Ongoing(), answer);
      case ERROR_BEFORE -> reply(soon, false, call, UNCLEAR, answer);
      case ERROR_AFTER -> reply(soon, true, call, UNCLEAR, answer);
      case TIMEOUT_WITHOUT_EFFECT -> reply(timeUp, false, call, TIME_UP, answer);
      case TIMEOUT_WITH_EFFECT -> {
        world.after(soon, () -> carryOut(call));
        reply(timeUp, false, call, TIME_UP, answer);
      }
      case LATE -> {
        world.after(timeUp.plus(world.millis(0, 20_000)), () -> carryOut(call));
        reply(timeUp, false, call, TIME_UP, answer);
      }
      case DUPLICATE -> {
        world.after(world.millis(0, 20_000), () -> carryOut(call));
        reply(soon, true, call, null, answer);
      }
    }
  }

  /** Carries out if asked to, and answers: by what came of it, or as told. */
  private void reply(
      Duration delay,
      boolean carriesOut,
      BranchCall call,
      @Nullable BranchResult told,
      CompletableFuture<BranchResult> answer) {
    if (isWorkflow(call) && carriesOut && resumption != null) {
      // The client goes on, on a thread of its own, and answers when it has come to an end.
      var client = resumption;
      world.after(
          delay,
          () ->
              client(() -> {
                var end = client.resume(call.gid().value());
                answer.complete(told == null ? end : told);
              }));
      world.after(call.timeout(), () -> answer.complete(TIME_UP));
      return;
    }
    world.after(
        delay,
        () -> {
          var came = carriesOut ? carryOut(call) : null;
          var result = told != null ? told : came == null ? UNCLEAR : came;
          world.after(world.millis(0, 20), () -> answer.complete(result));
        });
  }

  private void client(Runnable work) {
    Clients.thread(world, work).start();
  }

  private static boolean isWorkflow(BranchCall call) {
    return call.operation().name().equals(Requests.WORKFLOW);
  }

  private BranchResult carryOut(BranchCall call) {
    var gid = call.gid().value();
    world.tell(gid, "delivered " + History.key(call.branchId(), call.operation()));
    if (isWorkflow(call)) {
      return UNCLEAR;
    }
    if (call.operation().equals(Operation.CHECK_BACK)) {
      if (committed.contains(gid)) {
        return new BranchResult.Succeeded();
      }
      rolledBack.add(gid);
      return new BranchResult.Refused("FAILURE");
    }
    var step = step(call);
    boolean isSaga = plan.order(gid).mode() == TransactionMode.SAGA;
    if (isSaga && call.operation().equals(Operation.ACTION) && step.refuses()) {
      return new BranchResult.Refused("FAILURE");
    }
    effects.apply(gid, call.branchId(), call.operation());
    return new BranchResult.Succeeded();
  }

  private Plan.StepPlan step(BranchCall call) {
    var steps = plan.order(call.gid().value()).steps();
    int number = Integer.parseInt(call.branchId().substring(0, 2));
    return steps.get(Math.max(0, Math.min(number, steps.size()) - 1));
  }

  private Optional<Plan.Answer> nextAnswer(BranchCall call) {
    var step = step(call);
    boolean back =
        call.operation().equals(Operation.COMPENSATE)
            || call.operation().equals(Operation.CANCEL)
            || call.operation().equals(Operation.ROLLBACK);
    var answers = back ? step.backward() : step.forward();
    var key = call.gid() + "/" + History.key(call.branchId(), call.operation());
    int time = asked.merge(key, 1, Integer::sum) - 1;
    return time < answers.size() ? Optional.of(answers.get(time)) : Optional.empty();
  }
}
