package io.dtm.barrier;

/**
 * The connection commits each statement by itself, so a crash between the barrier's marks and the
 * work would leave one without the other. Nothing was done.
 */
public final class OutsideTransaction extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  OutsideTransaction(Barrier barrier) {
    super(
        barrier
            + ": the connection commits each statement by itself (expected: a transaction, as after"
            + " setAutoCommit(false) or inside @Transactional)");
  }
}
