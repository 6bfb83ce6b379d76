package io.dtm.server.transfer;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/** Makes branches of ours out of the reference's rows. */
final class ReferenceBranches {
  /** The reference does not keep what a refused action answered; these are its words for it. */
  static final String ANSWER_LOST = "fail message lost";

  private ReferenceBranches() {}

  /**
   * @throws IllegalArgumentException when they cannot be ours
   */
  static List<Branch> map(List<ReferenceBranch> rows, TransactionMode mode, Instant createdAt) {
    var branches = new ArrayList<Branch>(rows.size());
    for (var row : rows) {
      branches.add(branch(row, mode, createdAt));
    }
    return switch (mode) {
      case SAGA -> inSteps(branches);
      case TCC, XA, MESSAGE, WORKFLOW -> branches;
    };
  }

  private static Branch branch(ReferenceBranch row, TransactionMode mode, Instant createdAt) {
    var status = ReferenceWords.branchStatus(row.branchId(), row.status());
    var operation = new Operation(row.op());
    var created = Objects.requireNonNullElse(row.times().createTime(), createdAt);
    var updated = Objects.requireNonNullElse(row.times().updateTime(), created);
    var finished = Objects.requireNonNullElse(row.times().finishTime(), updated);
    var isRefusedAction = status == BranchStatus.FAILED && mode == TransactionMode.SAGA;
    return new Branch(
        row.branchId(),
        operation,
        row.url(),
        row.binData(),
        new Branch.Progress(
            status,
            0,
            created,
            updated,
            status == BranchStatus.PREPARED ? null : finished,
            isRefusedAction ? ANSWER_LOST : ""));
  }

  /**
   * The rows of a saga are known by their place: a compensation, its action, the next step's
   * compensation, and so on. That is how the reference writes them.
   */
  private static List<Branch> inSteps(List<Branch> branches) {
    var steps = new LinkedHashMap<String, List<Branch>>();
    for (var branch : branches) {
      steps.computeIfAbsent(branch.branchId(), id -> new ArrayList<>(2)).add(branch);
    }
    var ordered = new ArrayList<Branch>(branches.size());
    steps.forEach((id, pair) -> {
      ordered.add(only(Operation.COMPENSATE, id, pair));
      ordered.add(only(Operation.ACTION, id, pair));
      if (pair.size() > 2) {
        throw new IllegalArgumentException(
            "branch %s: %d operations (expected: compensate and action)"
                .formatted(id, pair.size()));
      }
    });
    return ordered;
  }

  private static Branch only(Operation operation, String id, List<Branch> pair) {
    return pair.stream()
        .filter(branch -> branch.is(operation))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "branch %s: no %s (expected: compensate and action)"
                    .formatted(id, operation.name())));
  }
}
