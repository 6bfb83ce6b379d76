package io.dtm.barrier;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A transaction of its own on a connection of a pool, which gets it back as it was. */
final class LocalTransaction {
  /** What is done in the transaction. */
  interface Body<T, X extends Exception> {
    T run(Connection connection) throws SQLException, X;
  }

  private LocalTransaction() {}

  /** Commits when the body returns, rolls back whatever it throws. */
  static <T, X extends Exception> T run(DataSource dataSource, Body<T, X> body)
      throws SQLException, X {
    try (var connection = dataSource.getConnection()) {
      var wasAutoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      var isCommitted = false;
      try {
        var result = body.run(connection);
        connection.commit();
        isCommitted = true;
        connection.setAutoCommit(wasAutoCommit);
        return result;
      } finally {
        if (!isCommitted) {
          rollBack(connection, wasAutoCommit);
        }
      }
    }
  }

  /** Throws nothing: what made it necessary is on its way to the caller, and tells more. */
  private static void rollBack(Connection connection, boolean wasAutoCommit) {
    try {
      connection.rollback();
      connection.setAutoCommit(wasAutoCommit);
    } catch (SQLException ignored) {
      // The connection is broken: the database rolls back by itself.
    }
  }
}
