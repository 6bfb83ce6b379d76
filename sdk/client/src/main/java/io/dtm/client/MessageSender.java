package io.dtm.client;

import static io.dtm.client.Answers.await;

import java.sql.Connection;
import java.sql.SQLException;

/** Runs the local transaction of a prepared message, and tells the manager what came of it. */
final class MessageSender {
  private static final String DROPPED = "the local transaction did not commit";

  private final Message message;
  private final BranchTransport participants;
  private final BranchCall checkBack;

  /**
   * @param checkBack asks whether the local transaction committed; when it did not, it then never
   *     will
   */
  MessageSender(Message message, BranchTransport participants, BranchCall checkBack) {
    this.message = message;
    this.participants = participants;
    this.checkBack = checkBack;
  }

  /** Of a transaction in whatever store. */
  <E extends Exception> TransactionResult run(LocalTransaction<E> work) throws E {
    boolean hasCommitted;
    try {
      hasCommitted = work.run(message.gid());
    } catch (BranchRefused e) {
      return message.abort(Failures.reason(e));
    } catch (Throwable e) {
      hasCommitted = askWhetherCommitted(e);
      if (!hasCommitted) {
        throw e;
      }
    }
    return hasCommitted ? message.submit() : message.abort(DROPPED);
  }

  /** Of a transaction on a JDBC connection. Its end is known, unless the commit itself fails. */
  <E extends Exception> TransactionResult run(
      Connection connection, CommitRecord record, JdbcWork<E> work) throws SQLException, E {
    var commitsByItself = connection.getAutoCommit();
    if (commitsByItself) {
      connection.setAutoCommit(false);
    }
    try {
      return commit(connection, record, work);
    } finally {
      if (commitsByItself) {
        connection.setAutoCommit(true);
      }
    }
  }

  private <E extends Exception> TransactionResult commit(
      Connection connection, CommitRecord record, JdbcWork<E> work) throws SQLException, E {
    try {
      if (!record.write(connection, message.gid())) {
        connection.rollback();
        return finishDecided();
      }
      work.run(connection);
    } catch (BranchRefused e) {
      rollBack(connection, e);
      return message.abort(Failures.reason(e));
    } catch (Throwable e) {
      rollBack(connection, e);
      abortBecauseOf(e);
      throw e;
    }
    try {
      connection.commit();
    } catch (SQLException e) {
      if (!askWhetherCommitted(e)) {
        throw e;
      }
    }
    return message.submit();
  }

  /** Somebody has written the record before: this sender, or a check-back. */
  private TransactionResult finishDecided() {
    try {
      await(participants.call(checkBack).toCompletableFuture());
    } catch (BranchRefused e) {
      return message.abort(DROPPED);
    }
    return message.submit();
  }

  /**
   * Whether a transaction committed that ended in a failure. When it did not, the message is
   * dropped; when that cannot be found out now, the manager finds out later.
   */
  private boolean askWhetherCommitted(Throwable failure) {
    try {
      await(participants.call(checkBack).toCompletableFuture());
      return true;
    } catch (BranchRefused e) {
      abortBecauseOf(failure);
      return false;
    } catch (BranchException | TransactionException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private void abortBecauseOf(Throwable failure) {
    try {
      var unused = message.abort(Failures.reason(failure));
    } catch (TransactionException e) {
      failure.addSuppressed(e);
    }
  }

  /** A connection that cannot even do that is broken, and its database rolls back by itself. */
  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
