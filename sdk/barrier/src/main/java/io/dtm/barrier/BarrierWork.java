package io.dtm.barrier;

import java.sql.Connection;

/**
 * What a barrier guards: the changes that a call makes in the database.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface BarrierWork<X extends Exception> {
  /**
   * Does the work.
   *
   * @param connection the one that the barrier uses; to be neither committed, rolled back nor
   *     closed
   */
  void run(Connection connection) throws X;
}
