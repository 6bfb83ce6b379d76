package io.dtm.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One global transaction with its branches in the order of their creation. Immutable; the {@code
 * with…} and verb methods give changed copies, each of which counts as one write: {@link
 * TransactionStore} accepts it when its version is one above the stored one.
 */
public record GlobalTransaction(
    TransactionDefinition definition, List<Branch> branches, TransactionProgress progress) {

  public GlobalTransaction {
    branches = List.copyOf(branches);
  }

  public Gid gid() {
    return definition.gid();
  }

  public TransactionMode mode() {
    return definition.spec().mode();
  }

  public TransactionStatus status() {
    return progress.status();
  }

  public long version() {
    return progress.version();
  }

  public Schedule schedule() {
    return progress.schedule();
  }

  public TransactionOptions options() {
    return definition.options();
  }

  /** How many bytes its branches carry, roughly what it takes in memory. */
  public long payloadBytes() {
    return branches.stream().mapToLong(branch -> branch.payload().size()).sum();
  }

  /** How long ago it was created. */
  public Duration age(Instant now) {
    return Duration.between(definition.createdAt(), now);
  }

  /**
   * A copy in which one branch has progressed. The version stays: branches are written with the
   * next write of the transaction.
   */
  public GlobalTransaction withBranch(int index, Branch.Progress next) {
    var changed = new ArrayList<>(branches);
    changed.set(index, changed.get(index).withProgress(next));
    return new GlobalTransaction(definition, changed, progress);
  }

  /** A copy with another schedule, not yet written. */
  public GlobalTransaction withSchedule(Schedule next) {
    return with(progress.status(), next, progress.finishedAt(), progress.rollbackReason());
  }

  /**
   * A copy that has moved to another status, not yet written.
   *
   * @param reason replaces the stored rollback reason unless empty
   * @throws IllegalStateException when {@link TransactionStatus#canMoveTo} does not list the move
   *     (I1)
   */
  public GlobalTransaction movedTo(TransactionStatus next, String reason, Instant now) {
    if (!status().canMoveTo(next)) {
      throw new IllegalStateException(
          "%s: cannot move from %s to %s".formatted(gid(), status(), next));
    }
    var finishedAt = next.isFinal() ? now : null;
    var nextReason = reason.isEmpty() ? progress.rollbackReason() : reason;
    return with(next, progress.schedule().untimed(), finishedAt, nextReason);
  }

  /** A copy with further branches at the end, not yet written. */
  public GlobalTransaction withAppended(List<Branch> added) {
    var all = new ArrayList<>(branches);
    all.addAll(added);
    return new GlobalTransaction(definition, all, progress);
  }

  /** A copy with another definition, not yet written. */
  public GlobalTransaction withDefinition(TransactionDefinition next) {
    return new GlobalTransaction(next, branches, progress);
  }

  /** A copy with what a workflow returned, not yet written. */
  public GlobalTransaction withResult(String result) {
    var next =
        new TransactionProgress(
            progress.status(),
            progress.version(),
            progress.schedule(),
            progress.updatedAt(),
            progress.finishedAt(),
            progress.rollbackReason(),
            result);
    return new GlobalTransaction(definition, branches, next);
  }

  /** The copy that is handed to the store: one version on, stamped with the time of the write. */
  public GlobalTransaction nextVersion(Instant now) {
    var next =
        new TransactionProgress(
            progress.status(),
            progress.version() + 1,
            progress.schedule(),
            now,
            progress.finishedAt(),
            progress.rollbackReason(),
            progress.result());
    return new GlobalTransaction(definition, branches, next);
  }

  private GlobalTransaction with(
      TransactionStatus status, Schedule schedule, @Nullable Instant finishedAt, String reason) {
    var next =
        new TransactionProgress(
            status,
            progress.version(),
            schedule,
            progress.updatedAt(),
            finishedAt,
            reason,
            progress.result());
    return new GlobalTransaction(definition, branches, next);
  }
}
