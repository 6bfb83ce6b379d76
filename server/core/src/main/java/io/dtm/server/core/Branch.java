package io.dtm.server.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One operation of one branch and how far it got.
 *
 * @param branchId names the branch within its transaction ({@code 01}, {@code 02}, …); a branch has
 *     one entry for each operation
 * @param url where the participant listens; empty: nothing to call
 * @param progress what came of it so far
 */
public record Branch(
    String branchId, Operation operation, String url, Payload payload, Progress progress) {

  /** A branch nobody has called yet. */
  public static Branch planned(
      String branchId, Operation operation, String url, Payload payload, Instant createdAt) {
    return new Branch(
        branchId,
        operation,
        url,
        payload,
        new Progress(BranchStatus.PREPARED, 0, createdAt, createdAt, null, ""));
  }

  public BranchStatus status() {
    return progress.status();
  }

  public boolean is(Operation candidate) {
    return operation.equals(candidate);
  }

  public Branch withProgress(Progress next) {
    return new Branch(branchId, operation, url, payload, next);
  }

  /**
   * The part of a branch that changes.
   *
   * @param errors calls that ended without a clear answer, in the whole life of the transaction
   * @param finishedAt when it succeeded or was refused; null before
   * @param lastFailure text of the last refusal or unclear answer; empty when there was none
   */
  public record Progress(
      BranchStatus status,
      int errors,
      Instant createdAt,
      Instant updatedAt,
      @Nullable Instant finishedAt,
      String lastFailure) {

    public Progress succeeded(Instant now) {
      return new Progress(BranchStatus.SUCCEEDED, errors, createdAt, now, now, lastFailure);
    }

    public Progress refused(String reason, Instant now) {
      return new Progress(BranchStatus.FAILED, errors, createdAt, now, now, reason);
    }

    public Progress unclear(String failure, Instant now) {
      return new Progress(status, errors + 1, createdAt, now, finishedAt, failure);
    }
  }
}
