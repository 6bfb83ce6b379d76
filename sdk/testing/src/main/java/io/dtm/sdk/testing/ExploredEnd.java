package io.dtm.sdk.testing;

import io.dtm.client.TransactionState;
import io.dtm.client.TransactionStatus;
import java.util.List;

/**
 * How the transactions of one run ended.
 *
 * @param transactions in the order of their first calls
 */
public record ExploredEnd(List<TransactionState> transactions) {

  public ExploredEnd {
    transactions = List.copyOf(transactions);
  }

  /** Whether all of them took effect. */
  public boolean succeeded() {
    return all(TransactionStatus.SUCCEEDED);
  }

  /** Whether all of them were rolled back. */
  public boolean rolledBack() {
    return all(TransactionStatus.FAILED);
  }

  private boolean all(TransactionStatus status) {
    return transactions.stream().allMatch(state -> state.status() == status);
  }
}
