package io.dtm.sdk.testing;

import io.dtm.client.TransactionState;
import io.dtm.protocol.Operations;
import io.dtm.protocol.TransTypes;
import io.dtm.sdk.testing.Switchboard.Placed;
import io.dtm.sdk.testing.TransactionExplorer.Invariant;
import io.dtm.sdk.testing.TransactionExplorer.Preparation;
import io.dtm.sdk.testing.TransactionExplorer.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes one run of a scenario after another. */
final class ExplorationRuns {
  /** How long a transaction may take to its end, in the server's time. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private static final Duration STEP = Duration.ofSeconds(10);

  private final TransactionServer server;
  private final Preparation preparation;
  private final Scenario scenario;
  private final Invariant invariant;

  /** What came of a run. */
  record Run(List<Placed> calls, @Nullable FailingSchedule failed) {
    Optional<FailingSchedule> failure() {
      return Optional.ofNullable(failed);
    }
  }

  /** Why a run fails. */
  private record Problem(String text, @Nullable Throwable cause) {
    static Problem of(Throwable thrown) {
      var message = thrown.getMessage();
      return new Problem(
          thrown instanceof AssertionError && message != null ? message : thrown.toString(),
          thrown);
    }
  }

  ExplorationRuns(
      TransactionServer server, Preparation preparation, Scenario scenario, Invariant invariant) {
    this.server = server;
    this.preparation = preparation;
    this.scenario = scenario;
    this.invariant = invariant;
  }

  Run make(FaultPlan plan) {
    prepare();
    server.follow(plan);
    var seen = runScenario(plan);
    var unfinished = bringToEnd();
    var calls = server.placedCalls();
    if (plan.size() == 0) {
      requireCallsToPass(calls);
    }
    var end = new ExploredEnd(states(calls));
    var problem = problem(seen, unfinished, end);
    return new Run(
        calls, problem.map(found -> failure(plan, calls, seen, end, found)).orElse(null));
  }

  private static FailingSchedule failure(
      FaultPlan plan,
      List<Placed> calls,
      @Nullable Throwable seen,
      ExploredEnd end,
      Problem problem) {
    return new FailingSchedule(
        plan.size(),
        calls.stream().map(Placed::record).toList(),
        seen == null || seen instanceof AssertionError ? "" : seen.toString(),
        end,
        problem.text(),
        problem.cause());
  }

  private void prepare() {
    if (server.isDown()) {
      server.restart();
    }
    try {
      preparation.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("what is to be done before a run failed: " + e, e);
    }
  }

  /**
   * What the scenario threw, if anything: an application, too, sees that a call fails or that the
   * server is gone.
   */
  private @Nullable Throwable runScenario(FaultPlan plan) {
    try {
      scenario.run(server.client());
      return null;
    } catch (Exception | AssertionError e) {
      if (plan.size() == 0) {
        throw new IllegalStateException("the scenario fails without any fault: " + e, e);
      }
      return e;
    }
  }

  /**
   * Moves the time until every transaction has ended, then lets arrive what was delayed.
   *
   * @return those that did not end; they are ended now
   */
  private List<String> bringToEnd() {
    if (server.isDown()) {
      server.restart();
    }
    var unfinished = awaitEnd();
    server.deliverLate();
    server.settle();
    return unfinished.isEmpty() ? awaitEnd() : unfinished;
  }

  private List<String> awaitEnd() {
    server.settle();
    var limit = server.clock().instant().plus(PATIENCE);
    var unfinished = server.unfinished();
    while (!unfinished.isEmpty() && isBefore(limit)) {
      server.advance(STEP);
      if (server.isDown()) {
        server.restart();
      }
      unfinished = server.unfinished();
    }
    unfinished.forEach(server.client()::forceStop);
    return unfinished;
  }

  private boolean isBefore(Instant limit) {
    return server.clock().instant().isBefore(limit);
  }

  private List<TransactionState> states(List<Placed> calls) {
    return calls.stream()
        .map(call -> call.call().gid())
        .distinct()
        .map(server.client()::query)
        .toList();
  }

  private Optional<Problem> problem(
      @Nullable Throwable seen, List<String> unfinished, ExploredEnd end) {
    if (seen instanceof AssertionError) {
      return Optional.of(Problem.of(seen));
    }
    if (!unfinished.isEmpty()) {
      return Optional.of(
          new Problem(
              "%s has not ended after %s of the server's time".formatted(unfinished, PATIENCE),
              null));
    }
    try {
      invariant.check(end);
      return Optional.empty();
    } catch (Exception | AssertionError e) {
      return Optional.of(Problem.of(e));
    }
  }

  /** A call that does not pass the server would never meet a fault, and look right for ever. */
  private static void requireCallsToPass(List<Placed> calls) {
    if (calls.isEmpty()) {
      throw new IllegalStateException(
          "no branch was called without a fault (expected: a scenario that submits a transaction)");
    }
    var tried = branches(calls, Operations.TRY).toList();
    var missing = new ArrayList<String>();
    Stream.of(Operations.CONFIRM, Operations.CANCEL)
        .flatMap(operation -> branches(calls, operation))
        .filter(branch -> !tried.contains(branch))
        .forEach(missing::add);
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "tries of branches %s met no fault (expected: URLs from TransactionServer.through)"
              .formatted(missing));
    }
  }

  private static Stream<String> branches(List<Placed> calls, String operation) {
    return calls.stream()
        .map(Placed::call)
        .filter(call -> call.transType().equals(TransTypes.TCC))
        .filter(call -> call.operation().equals(operation))
        .map(CallIdentity::branchId)
        .distinct();
  }
}
