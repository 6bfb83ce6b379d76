package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.Barrier;
import io.dtm.barrier.PreparedState;
import io.dtm.client.BranchRefused;
import io.dtm.client.Message;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionRefused;
import io.dtm.client.TransactionResult;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sends two-phase messages if, and only if, a transaction of Spring commits.
 *
 * <pre>{@code
 * @Transactional
 * public void placeOrder(Order order) {
 *   orders.insert(order);
 *   var message = client.message();
 *   participants.in(message, Stock.class).reserve(order);
 *   messages.submitAfterCommit(message);
 * }
 * }</pre>
 *
 * <p>A mark in the barrier's table, of the same transaction, tells a check-back whether it
 * committed, so nothing is lost when the application dies in between. Thread-safe.
 */
public final class TransactionalMessages {
  private final BarrierDatabase database;
  private final Supplier<String> checkBackUrl;

  /** The local transaction of a message. */
  @FunctionalInterface
  public interface Work<E extends Exception> {
    /**
     * Does it.
     *
     * @throws BranchRefused says no, for a reason: nothing of it takes effect
     */
    void run() throws E;
  }

  /**
   * @param checkBackUrl where the manager reaches the {@link CheckBackEndpoint} of this
   *     application; asked with each message
   */
  public TransactionalMessages(BarrierDatabase database, Supplier<String> checkBackUrl) {
    this.database = requireNonNull(database, "database");
    this.checkBackUrl = requireNonNull(checkBackUrl, "checkBackUrl");
  }

  /**
   * Tells the manager of the message at once, and has it sent when the transaction that is open
   * commits; dropped when it rolls back. When the manager cannot be reached after the commit, that
   * is logged, and it finds out by its check-back. What the transaction holds locked by now stays
   * locked for the time of one request, so this is best called first.
   *
   * @throws IllegalStateException when no transaction is open
   * @throws MessageAlreadyDecided when this gid was used before; let it roll back the transaction
   * @throws TransactionManagerUnavailable when no manager answered; let it roll back the
   *     transaction
   * @throws TransactionRefused when the manager does not take the message; likewise
   * @throws DataAccessException when the mark could not be set; likewise
   */
  public void submitAfterCommit(Message message) {
    requireNonNull(message, "message");
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.isSynchronizationActive()) {
      throw new IllegalStateException(
          "message %s: no transaction is open (expected: to be in one, or doAndSubmit)"
              .formatted(message.gid()));
    }
    var decided = message.prepare(checkBackUrl.get());
    if (decided.isPresent()) {
      throw new MessageAlreadyDecided(message.gid(), decided.get().toString());
    }
    if (!database.mark(Barrier.ofMessage(message.gid())).hasRun()) {
      throw new MessageAlreadyDecided(message.gid(), "its local transaction was decided before");
    }
    TransactionSynchronizationManager.registerSynchronization(new MessageSubmission(message));
  }

  /**
   * Tells the manager of the message, runs a local transaction, and sends the message if that
   * commits. No connection is taken until the manager has answered.
   *
   * @return as {@link Message#submit()}; {@code RolledBack} when the work refused. A message that
   *     has been decided before is not sent again: then this tells what came of it
   * @throws E what the work threw, unless the transaction turned out to have committed
   * @throws IllegalStateException when a transaction is open already
   * @throws TransactionManagerUnavailable when no manager answered; if that was after the commit,
   *     the manager finds out by its check-back
   * @throws TransactionRefused when the manager does not take the message
   */
  public <E extends Exception> TransactionResult doAndSubmit(Message message, Work<E> work)
      throws E {
    requireNonNull(message, "message");
    requireNonNull(work, "work");
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException(
          "message %s: a transaction is open, and ends nobody knows when (expected: none, or"
                  .formatted(message.gid())
              + " submitAfterCommit)");
    }
    return message.doAndSubmit(checkBackUrl.get(), gid -> runLocal(gid, work));
  }

  private <E extends Exception> boolean runLocal(String gid, Work<E> work) throws E {
    var barrier = Barrier.ofMessage(gid);
    boolean isFirst = database.inTransaction(() -> runMarked(barrier, work));
    return isFirst || database.queryPrepared(barrier) == PreparedState.COMMITTED;
  }

  private <E extends Exception> Boolean runMarked(Barrier barrier, Work<E> work) throws E {
    var isFirst = database.mark(barrier).hasRun();
    if (isFirst) {
      work.run();
    }
    return isFirst;
  }
}
