package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.BarrierWork;
import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.TransactionClient;
import io.dtm.xa.XaBranchBusy;
import io.dtm.xa.XaOutcome;
import io.dtm.xa.XaParticipant;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The participant's side of XA, for work that finds its connection through Spring: what asks for
 * one of the data source, as {@code JdbcTemplate} does, gets that of the branch meanwhile. Such
 * work is not {@code @Transactional}: its transaction is the branch. Thread-safe.
 */
public final class XaTransactions {
  private final XaParticipant participant;
  private final TransactionClient client;
  private final DataSource dataSource;

  /** What a branch does. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it, without a commit.
     *
     * @throws Exception any has the branch undone at once
     */
    void run() throws Exception;
  }

  /**
   * @param client tells the manager of branches
   * @param dataSource whose connection the work asks for; of the same database as the participant's
   */
  public XaTransactions(
      XaParticipant participant, TransactionClient client, DataSource dataSource) {
    this.participant = requireNonNull(participant, "participant");
    this.client = requireNonNull(client, "client");
    this.dataSource = requireNonNull(dataSource, "dataSource");
  }

  /**
   * Carries out a call of either phase.
   *
   * @param work done in the first phase only, and not when it was done before
   * @return never {@code TOO_LATE}
   * @throws BranchRefused when it comes after its own rollback
   * @throws BranchOngoing when another session has the branch just now
   * @throws IllegalStateException when a transaction of the data source is open already
   * @throws Exception what the work throws
   */
  public XaOutcome handle(BranchRequest request, Work work) throws Exception {
    BarrierWork<Exception> onConnection = connection -> bound(connection, work);
    try {
      var outcome =
          participant.handle(
              request.parameters(), onConnection, () -> client.registerXaBranch(request));
      if (outcome == XaOutcome.TOO_LATE) {
        throw new BranchRefused("the branch was rolled back before its action came");
      }
      return outcome;
    } catch (XaBranchBusy e) {
      throw new BranchOngoing(String.valueOf(e.getMessage()), e);
    }
  }

  private void bound(Connection connection, Work work) throws Exception {
    TransactionSynchronizationManager.bindResource(dataSource, new ConnectionHolder(connection));
    try {
      work.run();
    } finally {
      TransactionSynchronizationManager.unbindResource(dataSource);
    }
  }
}
