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
    var transaction = SenderTransaction.begin(connection);
    try {
      return commit(transaction, connection, record, work);
    } finally {
      transaction.giveBack();
    }
  }

  private <E extends Exception> TransactionResult commit(
      SenderTransaction transaction, Connection connection, CommitRecord record, JdbcWork<E> work)
      throws SQLException, E {
    boolean isNew;
    try {
      isNew = record.write(connection, message.gid());
      if (isNew) {
        work.run(connection);
        transaction.requireWhole();
      }
    } catch (BranchRefused e) {
      transaction.rollBackBecauseOf(e);
      return message.abort(Failures.reason(e));
    } catch (Throwable e) {
      transaction.rollBackBecauseOf(e);
      abortBecauseOf(e);
      throw e;
    }
    if (!isNew) {
      transaction.rollBack();
      return finishDecided();
    }
    try {
      transaction.commit();
    } catch (SQLException e) {
      // Should it still be open: whoever is asked would wait for its end.
      transaction.rollBackBecauseOf(e);
      if (!askWhetherCommitted(e)) {
        throw e;
      }
    }
    return message.submit();
  }

  /**
   * Somebody has written the record before: this sender, or a check-back. As long as it is not
   * known who, the message is neither sent nor dropped.
   */
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
    } catch (RuntimeException e) {
      // Of a way to the sender that is somebody else's too: the failure is what the caller must
      // see.
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
}
