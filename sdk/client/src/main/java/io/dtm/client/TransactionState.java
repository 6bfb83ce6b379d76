package io.dtm.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A global transaction, as the manager saw it when it was asked.
 *
 * @param reason why it turned back, in the words of the manager; empty as long as it has not
 * @param branches in the order of their creation, of a saga's step first the compensation, then the
 *     action
 * @param finishedAt when it ended; null while it is under way
 * @param nextAttemptAt when the manager takes it up again at the latest; null once it has ended
 * @param parkedReason why the manager no longer takes it up by itself, because a limit of its retry
 *     policy was reached; an operator has it go on. Empty unless it is parked
 */
public record TransactionState(
    String gid,
    TransactionMode mode,
    TransactionStatus status,
    String reason,
    List<BranchState> branches,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant nextAttemptAt,
    String parkedReason) {

  public TransactionState {
    branches = List.copyOf(branches);
  }

  /** Whether it has ended: then nothing in here changes any more. */
  public boolean isFinal() {
    return status.isFinal();
  }

  /**
   * The same as an outcome: {@code Succeeded}, {@code RolledBack} or, unless it has ended, {@code
   * Pending}.
   */
  public TransactionResult result() {
    return switch (status) {
      case SUCCEEDED -> new TransactionResult.Succeeded(gid);
      case FAILED -> new TransactionResult.RolledBack(gid, reason);
      case PREPARED, SUBMITTED, ABORTING -> new TransactionResult.Pending(gid, this);
    };
  }
}
