package io.dtm.barrier;

import static java.util.Objects.requireNonNull;

import io.dtm.protocol.Keys;

/**
 * One row of the barrier: that an operation of a branch was carried out, or that it must not be any
 * more. There is one at most for (gid, branch, operation, barrier id).
 *
 * @param barrierId tells the guarded calls of one request apart: {@code 01}, {@code 02}, …
 * @param reason the operation that set the mark: another than {@code op} when it keeps {@code op}
 *     from being done late
 */
public record BarrierMark(
    String transType, String gid, String branchId, String op, String barrierId, String reason) {
  /** The widths of the table's columns: MySQL would cut off what is longer, and mix up calls. */
  private static final int ID_LENGTH_MAX = 128;

  private static final int WORD_LENGTH_MAX = 45;

  public BarrierMark {
    checked(Keys.TRANS_TYPE, transType, WORD_LENGTH_MAX);
    checked(Keys.GID, gid, ID_LENGTH_MAX);
    checked(Keys.BRANCH_ID, branchId, ID_LENGTH_MAX);
    checked(Keys.OP, op, WORD_LENGTH_MAX);
    checked("barrier_id", barrierId, WORD_LENGTH_MAX);
    checked("reason", reason, WORD_LENGTH_MAX);
  }

  /** Whether it was set by another operation, to keep this one from being done late. */
  public boolean isSetByAnother() {
    return !reason.equals(op);
  }

  /** The same place, set for another reason. */
  public BarrierMark withReason(String reason) {
    return new BarrierMark(transType, gid, branchId, op, barrierId, reason);
  }

  private static void checked(String name, String value, int lengthMax) {
    requireNonNull(value, name);
    if (value.isEmpty() || value.length() > lengthMax) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: 1 to %d characters)".formatted(name, value, lengthMax));
    }
  }
}
