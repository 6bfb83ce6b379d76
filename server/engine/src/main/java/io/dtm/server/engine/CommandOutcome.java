package io.dtm.server.engine;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of a command. Refusals are outcomes; only an unreachable store is an exception. */
public sealed interface CommandOutcome {

  /** Done, and durable; work on the transaction may go on in the background. */
  record Accepted() implements CommandOutcome {}

  /**
   * The command asked to wait for one pass; this is the transaction after it, in whatever status.
   *
   * @param unsettled the first result of that pass that left a branch open; null when there was
   *     none
   */
  record PassEnded(GlobalTransaction transaction, @Nullable BranchResult unsettled)
      implements CommandOutcome {
    /** After a pass that left nothing open, or of which nothing more is known. */
    public PassEnded(GlobalTransaction transaction) {
      this(transaction, null);
    }
  }

  /** The transaction's status does not allow the command. Nothing was changed. */
  record WrongStatus(TransactionMode mode, TransactionStatus actual) implements CommandOutcome {}

  /** The gid belongs to a transaction of another mode. Nothing was changed. */
  record WrongMode(TransactionMode stored) implements CommandOutcome {}

  /** No transaction has this gid. */
  record NotFound() implements CommandOutcome {}

  /**
   * As many transactions are being worked on as the configuration allows. Nothing was stored; worth
   * another try after {@code retryAfter}.
   */
  record Overloaded(Duration retryAfter) implements CommandOutcome {}

  /** The message names a topic without subscribers. Nothing was stored. */
  record UnknownTopic(String topic) implements CommandOutcome {}

  /**
   * A branch with this id and operation is there already, and says something else. Nothing was
   * changed.
   */
  record BranchExists(String branchId, Operation operation) implements CommandOutcome {}

  /** The transaction as it is stored, for a client that goes on with it. */
  record Found(GlobalTransaction transaction) implements CommandOutcome {}

  /** The transaction would have more branches than one may have. Nothing was changed. */
  record TooManyBranches(int max) implements CommandOutcome {}
}
