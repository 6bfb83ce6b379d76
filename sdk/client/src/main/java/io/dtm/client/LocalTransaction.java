package io.dtm.client;

/**
 * The local transaction of a message's sender: what takes effect together with the message, or not
 * at all.
 *
 * @param <E> what it may throw besides {@link BranchRefused}; the compiler finds out by itself
 */
@FunctionalInterface
public interface LocalTransaction<E extends Exception> {
  /**
   * Runs it and commits. The same transaction has to write down a record of the gid, for the
   * check-back to find; barriers do.
   *
   * @return whether it has committed, now or before; false: it has not, and never will, because a
   *     check-back came first and was told so
   * @throws BranchRefused as false, for a reason
   */
  boolean run(String gid) throws E;
}
