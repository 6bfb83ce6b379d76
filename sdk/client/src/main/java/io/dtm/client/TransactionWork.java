package io.dtm.client;

/**
 * What a TCC or XA transaction consists of: calls of branches, and whatever lies between them.
 *
 * @param <B> calls branches
 * @param <E> what it may throw besides {@link BranchException}; the compiler finds out by itself
 */
@FunctionalInterface
public interface TransactionWork<B, E extends Exception> {
  /**
   * Does it. Returning says that the transaction is to take effect, throwing that it is not.
   *
   * @throws BranchException has the transaction turned back for that reason, which then is its
   *     outcome; so does an unchecked exception whose cause is one, as libraries throw it
   * @throws E has it turned back, and comes out at the caller
   */
  void run(B branches) throws E;
}
