package io.dtm.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The branches of one parent: of the global transaction, or of a branch that has branches itself.
 * Counts them. Thread-safe.
 */
final class BranchFamily {
  /** Two digits count the children. */
  private static final int CHILDREN_MAX = 99;

  /** As other clients have it; ten levels. */
  private static final int PARENT_LENGTH_MAX = 20;

  private final String gid;
  private final TransactionMode mode;
  private final String parentId;
  private final AtomicInteger children = new AtomicInteger();

  private BranchFamily(String gid, TransactionMode mode, String parentId) {
    this.gid = gid;
    this.mode = mode;
    this.parentId = parentId;
  }

  static BranchFamily ofGlobal(String gid, TransactionMode mode) {
    return new BranchFamily(gid, mode, "");
  }

  /**
   * @throws IllegalArgumentException when a branch of that mode cannot have branches, or lies too
   *     deep
   */
  static BranchFamily of(BranchRequest parent, TransactionMode mode, String operation) {
    if (parent.mode() != mode || !parent.operation().equals(operation)) {
      throw new IllegalArgumentException(
          "parent: %s of a %s (expected: %s of a %s, for only that can have branches of its own)"
              .formatted(parent.operation(), parent.mode().word(), operation, mode.word()));
    }
    if (parent.branchId().length() >= PARENT_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "parent: branch %s (expected: fewer than %d digits)"
              .formatted(parent.branchId(), PARENT_LENGTH_MAX));
    }
    return new BranchFamily(parent.gid(), mode, parent.branchId());
  }

  /**
   * The request for the next child, as a caller makes it.
   *
   * @param manager where the child's participant can register branches of its own
   * @throws IllegalStateException when there are too many
   */
  BranchRequest next(String operation, String manager, String phase2Url) {
    var number = children.incrementAndGet();
    if (number > CHILDREN_MAX) {
      throw new IllegalStateException(
          "branches: %d (expected: at most %d of one parent)".formatted(number, CHILDREN_MAX));
    }
    var branchId = "%s%02d".formatted(parentId, number);
    return new BranchRequest(gid, mode, branchId, operation, manager, phase2Url);
  }
}
