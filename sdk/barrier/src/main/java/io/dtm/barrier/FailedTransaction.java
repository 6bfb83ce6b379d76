package io.dtm.barrier;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Finds out a transaction of PostgreSQL that has failed. The database answers the commit of one
 * with a rollback and not with an error, so work that hides the exception of a statement would be
 * taken for done.
 */
final class FailedTransaction {
  private static final String DRIVER = "org.postgresql.core.BaseConnection";
  private static final String FAILED = "FAILED";
  private static final String IN_FAILED_TRANSACTION = "25P02";

  private FailedTransaction() {}

  /**
   * @throws SQLException when the transaction can only be rolled back any more
   */
  static void refuse(Connection connection) throws SQLException {
    var state = stateByDriver(connection);
    if (state.isEmpty()) {
      ask(connection);
    } else if (state.get().equals(FAILED)) {
      throw new SQLException(
          "a statement of the work failed, and its exception was hidden: the database will roll"
              + " back (expected: the exception to be thrown, or a savepoint before the statement)",
          IN_FAILED_TRANSACTION);
    }
  }

  /** Its usual driver knows without asking the database; empty for another. */
  private static Optional<String> stateByDriver(Connection connection) throws SQLException {
    try {
      var type = Class.forName(DRIVER);
      if (!connection.isWrapperFor(type)) {
        return Optional.empty();
      }
      var state = type.getMethod("getTransactionState").invoke(connection.unwrap(type));
      return Optional.of(String.valueOf(state));
    } catch (ReflectiveOperationException unknown) {
      return Optional.empty();
    }
  }

  /** Any statement is refused in a transaction that has failed. */
  private static void ask(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    }
  }
}
