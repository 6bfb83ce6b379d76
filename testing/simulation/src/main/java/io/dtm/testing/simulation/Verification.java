package io.dtm.testing.simulation;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;

import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The promise, looked at when all is quiet: everything has ended, wholly or not at all. */
final class Verification {
  private final History history;
  private final Participants participants;
  private final Effects effects;
  private final Coverage coverage;

  Verification(History history, Participants participants, Effects effects, Coverage coverage) {
    this.history = history;
    this.participants = participants;
    this.effects = effects;
    this.coverage = coverage;
  }

  void check(Plan plan) {
    plan.orders().forEach(order -> check(plan, order));
  }

  private void check(Plan plan, Plan.Order order) {
    var record = history.of(order.gid());
    var last = record.last;
    if (last == null) {
      coverage.count("end %s never stored".formatted(order.mode()));
      return;
    }
    coverage.count("end %s %s".formatted(order.mode(), last.status()));
    if (!last.status().isFinal()) {
      broken(record, "has not ended: " + last.status());
      return;
    }
    if (plan.isForgetful() != record.deleted) {
      broken(record, record.deleted ? "was deleted" : "is still stored");
    }
    if (record.forceStopped) {
      // Left where it stood, as the operator wished.
      return;
    }
    var expected = expected(order, record);
    if (expected != null && expected != last.status()) {
      broken(
          record,
          "%s although its client has reason to expect %s".formatted(last.status(), expected));
    }
    checkEffects(order, record, last.status() == SUCCEEDED);
  }

  /** The only end that fits what was acknowledged; null where both do. */
  private @Nullable TransactionStatus expected(Plan.Order order, History.Track record) {
    if (order.mode() == TransactionMode.SAGA) {
      boolean mayTurnBack = order.timeout().isPositive() || order.retryLimit() > 0;
      boolean refused = order.steps().stream().anyMatch(Plan.StepPlan::refuses);
      return refused ? FAILED : mayTurnBack ? null : SUCCEEDED;
    }
    if (order.mode() == TransactionMode.MESSAGE) {
      return participants.hasCommittedLocally(order.gid()) ? SUCCEEDED : FAILED;
    }
    if (order.mode() == TransactionMode.WORKFLOW) {
      return order.steps().stream().anyMatch(Plan.StepPlan::refuses) ? FAILED : SUCCEEDED;
    }
    return record.submitAcknowledged ? SUCCEEDED : record.abortAcknowledged ? FAILED : null;
  }

  private void checkEffects(Plan.Order order, History.Track record, boolean succeeded) {
    switch (order.mode()) {
      case SAGA, WORKFLOW ->
          IntStream.range(0, order.steps().size())
              .mapToObj(Requests::branchId)
              .forEach(id -> checkInEffect(record, id, succeeded));
      case MESSAGE -> {
        var last = record.last;
        if (last != null) {
          last.branches().forEach(b -> checkInEffect(record, b.branchId(), succeeded));
        }
      }
      case TCC, XA -> record.registered.forEach(id -> checkSecondPhase(record, id, succeeded));
    }
  }

  private void checkInEffect(History.Track record, String branchId, boolean expected) {
    if (effects.of(record.gid, branchId).isInEffect() != expected) {
      broken(record, "branch %s is %s in effect".formatted(branchId, expected ? "not" : "still"));
    }
  }

  private void checkSecondPhase(History.Track record, String branchId, boolean succeeded) {
    var branch = effects.of(record.gid, branchId);
    if (branch.isConfirmed() != succeeded || branch.isUndone() == succeeded) {
      broken(
          record,
          "branch %s: confirmed %s, undone %s"
              .formatted(branchId, branch.isConfirmed(), branch.isUndone()));
    }
  }

  private void broken(History.Track record, String how) {
    history.violated("promise", record.gid, how);
  }
}
