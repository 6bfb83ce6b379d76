package io.dtm.client;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes down in the sender's own database that the local transaction of a message committed, which
 * is what the check-back looks for. {@code Barrier::recordMessage} of {@code dtm-sdk-barrier} is
 * one.
 */
@FunctionalInterface
public interface CommitRecord {
  /**
   * Writes the record of a message, as part of the transaction that is open on the connection.
   * Neither commits nor rolls back.
   *
   * @return whether it is now written; false when there was one already: the local transaction has
   *     been committed before, or a check-back came first and ruled that it never will be
   */
  boolean write(Connection connection, String gid) throws SQLException;
}
