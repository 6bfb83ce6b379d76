package io.dtm.client;

/**
 * Is told what becomes of the transactions that a client hands to a manager, for metrics and logs.
 * Called on whatever thread found out, so it must be quick, thread-safe, and not throw.
 */
public interface TransactionListener {
  /**
   * A transaction is about to be handed over. Told again for the same gid when one that was
   * prepared is submitted, and when the application submits once more.
   */
  default void begun(TransactionMode mode, String gid) {}

  /**
   * The application knows what came of it; for one that does not wait, that is {@code Accepted}.
   */
  default void ended(TransactionMode mode, TransactionResult result) {}

  /** No manager took it, or none told what came of it: the application gets this exception. */
  default void failed(TransactionMode mode, String gid, Throwable failure) {}
}
