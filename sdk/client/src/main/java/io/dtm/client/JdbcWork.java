package io.dtm.client;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements within a transaction of a database.
 *
 * @param <E> what they may throw besides; the compiler finds out by itself
 */
@FunctionalInterface
public interface JdbcWork<E extends Exception> {
  /**
   * Executes them. Neither commits nor rolls back.
   *
   * @throws BranchRefused says no, for a reason: nothing of it takes effect
   */
  void run(Connection connection) throws SQLException, E;
}
