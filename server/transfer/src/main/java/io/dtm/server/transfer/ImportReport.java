package io.dtm.server.transfer;

import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an import did, or would do.
 *
 * @param source what the source says it has
 * @param transactions those that can be imported
 * @param topics those that can be imported
 * @param refused transactions that cannot be imported; the problems say why
 * @param verified what was found in the target afterwards; zeros after a dry run
 * @param problems the first of them
 * @param problemCount all of them
 */
public record ImportReport(
    Import.Mode mode,
    ReferenceStore.Counts source,
    SortedMap<Kind, Tally> transactions,
    Tally topics,
    Refused refused,
    Verified verified,
    List<Problem> problems,
    long problemCount) {
  public ImportReport {
    transactions = new TreeMap<>(transactions);
    problems = List.copyOf(problems);
  }

  /** Transactions of one mode in one status. */
  public record Kind(TransactionMode mode, TransactionStatus status) implements Comparable<Kind> {
    private static final Comparator<Kind> ORDER =
        Comparator.comparing(Kind::mode).thenComparing(Kind::status);

    @Override
    public int compareTo(Kind other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * How many of something there are.
   *
   * @param created those that were not there; in a dry run, that would be written
   * @param present those that were there already
   * @param branches of all of them together
   */
  public record Tally(long created, long present, long branches) {
    static final Tally NONE = new Tally(0, 0, 0);

    Tally plus(Tally other) {
      return new Tally(created + other.created, present + other.present, branches + other.branches);
    }

    public long count() {
      return created + present;
    }
  }

  /** What was left behind. */
  public record Refused(long transactions, long branches) {}

  /** What was read back. */
  public record Verified(long transactions, long branches, long topics) {}

  /** All transactions that can be imported. */
  public Tally total() {
    return transactions.values().stream().reduce(Tally.NONE, Tally::plus);
  }

  /** Whether everything that the source has is, or could be, in the target. */
  public boolean isComplete() {
    return problemCount == 0;
  }
}
