package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Builds sagas for tests, in the words of the domain: steps have names, {@code debit} is called at
 * {@code http://debit/do}.
 */
final class Sagas {
  static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

  private final List<String> names;
  private final Map<Integer, List<Integer>> predecessors = new HashMap<>();
  private final Map<Integer, UnaryOperator<Branch.Progress>> progress = new HashMap<>();
  private boolean concurrent;
  private TransactionStatus status = TransactionStatus.SUBMITTED;
  private TransactionOptions options = TransactionOptions.defaults();
  private Schedule schedule = new Schedule(CREATED.plusSeconds(10), Duration.ofSeconds(10), 0, "");

  private Sagas(List<String> names) {
    this.names = names;
  }

  static Sagas aSaga(String... steps) {
    return new Sagas(List.of(steps));
  }

  Sagas concurrent() {
    concurrent = true;
    return this;
  }

  Sagas after(String step, String... before) {
    predecessors.put(index(step), Arrays.stream(before).map(this::index).toList());
    return this;
  }

  Sagas status(TransactionStatus next) {
    status = next;
    return this;
  }

  Sagas aborting() {
    return status(TransactionStatus.ABORTING);
  }

  Sagas options(TransactionOptions next) {
    options = next;
    return this;
  }

  Sagas timeoutToFail(Duration timeout) {
    return options(
        new TransactionOptions(false, timeout, Duration.ZERO, Duration.ZERO, 0, false, Map.of()));
  }

  Sagas retryInterval(Duration interval) {
    return options(
        new TransactionOptions(false, Duration.ZERO, Duration.ZERO, interval, 0, false, Map.of()));
  }

  Sagas retryLimit(int limit) {
    return options(
        new TransactionOptions(
            false, Duration.ZERO, Duration.ZERO, Duration.ZERO, limit, false, Map.of()));
  }

  /** Parked after so many failed attempts in a row. */
  Sagas attemptsMax(int attemptsMax) {
    return options(options(attemptsMax, Duration.ZERO));
  }

  Sagas attemptsMax(int attemptsMax, Duration timeoutToFail) {
    return options(options(attemptsMax, timeoutToFail));
  }

  Sagas schedule(Duration interval, int failures) {
    schedule = new Schedule(CREATED.plus(interval), interval, failures, "");
    return this;
  }

  private static TransactionOptions options(int attemptsMax, Duration timeoutToFail) {
    var policy = new RetryPolicy(Duration.ZERO, 0, Duration.ZERO, attemptsMax, Duration.ZERO);
    return new TransactionOptions(false, timeoutToFail, Duration.ZERO, policy, 0, false, Map.of());
  }

  Sagas succeeded(String... steps) {
    return progress(p -> p.succeeded(CREATED), 1, steps);
  }

  Sagas refused(String step, String answer) {
    return progress(p -> p.refused(answer, CREATED), 1, step);
  }

  Sagas unclear(String step, int times) {
    return progress(
        p -> {
          var next = p;
          for (int i = 0; i < times; i++) {
            next = next.unclear("HTTP 500", CREATED);
          }
          return next;
        },
        1,
        step);
  }

  Sagas compensated(String... steps) {
    return progress(p -> p.succeeded(CREATED), 0, steps);
  }

  private Sagas progress(UnaryOperator<Branch.Progress> change, int offset, String... steps) {
    for (var step : steps) {
      progress.put(2 * index(step) + offset, change);
    }
    return this;
  }

  private int index(String step) {
    return names.indexOf(step);
  }

  static TransactionRequest request(String gid, TransactionOptions options, Step... steps) {
    return new TransactionRequest(
        new Gid(gid),
        new TransactionSpec.Saga(false, Map.of()),
        BranchProtocol.HTTP,
        options,
        "",
        "",
        List.of(steps));
  }

  static Step step(String name) {
    return new Step(
        "http://%s/do".formatted(name), "http://%s/undo".formatted(name), Payload.ofText("{}"));
  }

  GlobalTransaction build() {
    var branches =
        new ArrayList<>(SagaSteps.plan(names.stream().map(Sagas::step).toList(), CREATED));
    progress.forEach((i, change) ->
        branches.set(i, branches.get(i).withProgress(change.apply(branches.get(i).progress()))));
    var definition =
        new TransactionDefinition(
            new Gid("saga"),
            new TransactionSpec.Saga(concurrent, predecessors),
            BranchProtocol.HTTP,
            options,
            "",
            "",
            CREATED);
    return new GlobalTransaction(
        definition,
        branches,
        new TransactionProgress(
            status, 1, schedule, CREATED, status.isFinal() ? CREATED : null, "", ""));
  }
}
