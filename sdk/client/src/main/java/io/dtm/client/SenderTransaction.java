package io.dtm.client;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The transaction of a message's sender on a connection that is not ours: it gets it back as it
 * was. For one thread.
 */
final class SenderTransaction {
  private static final String POSTGRESQL = "PostgreSQL";

  private final Connection connection;
  private final boolean commitsByItself;
  private boolean isOver;

  private SenderTransaction(Connection connection, boolean commitsByItself) {
    this.connection = connection;
    this.commitsByItself = commitsByItself;
  }

  static SenderTransaction begin(Connection connection) throws SQLException {
    var commitsByItself = connection.getAutoCommit();
    if (commitsByItself) {
      connection.setAutoCommit(false);
    }
    return new SenderTransaction(connection, commitsByItself);
  }

  /**
   * To be asked before the commit: PostgreSQL answers that of a transaction that has failed with a
   * rollback and not with an error, so work that hides the exception of a statement would send its
   * message all the same.
   */
  void requireWhole() throws SQLException {
    var product = connection.getMetaData().getDatabaseProductName();
    if (product.equals(POSTGRESQL)) {
      try (var statement = connection.createStatement()) {
        statement.execute("SELECT 1");
      }
    }
  }

  void commit() throws SQLException {
    connection.commit();
    isOver = true;
  }

  void rollBack() throws SQLException {
    connection.rollback();
    isOver = true;
  }

  /** A connection that cannot even do that is broken, and its database rolls back by itself. */
  void rollBackBecauseOf(Throwable cause) {
    try {
      rollBack();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Throws nothing: what came of the message tells more than that its connection is broken. Leaves
   * alone what is not over, for to switch back would commit it.
   */
  void giveBack() {
    if (!commitsByItself || !isOver) {
      return;
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException ignored) {
      // Whoever uses the connection next is told.
    }
  }
}
