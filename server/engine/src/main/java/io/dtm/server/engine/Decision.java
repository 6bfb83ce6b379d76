package io.dtm.server.engine;

import io.dtm.server.core.Operation;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionStatus;
import java.util.List;

/**
 * What to do next for one transaction: decided without I/O by a {@link Machine}, carried out by the
 * {@link TransactionRunner}.
 */
sealed interface Decision {

  /** Call these branches, given by their index, all at once. */
  record Call(List<Integer> branches) implements Decision {
    public Call {
      branches = List.copyOf(branches);
    }

    static Call one(int branch) {
      return new Call(List.of(branch));
    }
  }

  /** Ask the client, at the address it gave for that, what became of the transaction. */
  record CheckBack(Operation operation) implements Decision {}

  /** Nothing to start before one of the running calls has ended. */
  record Await() implements Decision {}

  /** Store the move to another status, then decide again. */
  record Move(TransactionStatus to, String reason) implements Decision {}

  /** End the pass; look again when the schedule says so, which may be never while it is parked. */
  record Pause(Schedule schedule) implements Decision {}

  /** The transaction has ended. */
  record Done() implements Decision {}
}
