package io.dtm.server.transfer;

import io.dtm.server.core.TransactionStatus;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a move did.
 *
 * @param settings such as topics
 * @param problems the first of them
 * @param problemCount all of them
 */
public record MoveReport(
    SortedMap<TransactionStatus, Tally> transactions,
    Tally settings,
    List<Problem> problems,
    long problemCount) {
  public MoveReport {
    transactions = new TreeMap<>(transactions);
    problems = List.copyOf(problems);
  }

  /**
   * How many of something there are.
   *
   * @param moved those that were not there
   * @param present those that were there already, just the same
   * @param verified those that were read back, just the same
   */
  public record Tally(long moved, long present, long different, long verified) {
    static final Tally NONE = new Tally(0, 0, 0, 0);

    Tally plus(Tally other) {
      return new Tally(
          moved + other.moved,
          present + other.present,
          different + other.different,
          verified + other.verified);
    }

    public long count() {
      return moved + present + different;
    }
  }

  /** All transactions. */
  public Tally total() {
    return transactions.values().stream().reduce(Tally.NONE, Tally::plus);
  }

  /** Whether everything that was to be moved is in the target. */
  public boolean isComplete() {
    return problemCount == 0;
  }
}
