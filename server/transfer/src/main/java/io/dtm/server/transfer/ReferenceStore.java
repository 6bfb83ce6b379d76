package io.dtm.server.transfer;

import java.util.List;

/**
 * What a stopped reference has left in its store. Nothing is ever written to it. For one thread at
 * a time; every method throws {@link ReferenceUnreadable} when the store cannot be read.
 */
public interface ReferenceStore extends AutoCloseable {

  /** For people, without the password. */
  String describe();

  /** As the store itself counts; {@link #list} and {@link #topics} have to give as many. */
  Counts counts();

  /** A text that changes while a reference works on the store; equal texts prove nothing. */
  String mark();

  /**
   * Transactions that are not finished, each with all its branches.
   *
   * @param position where the last page ended; empty for the first page
   */
  Page list(String position, int limit);

  /** All topics. */
  List<ReferenceTopic> topics();

  @Override
  void close();

  /**
   * How much there is to import.
   *
   * @param transactions those that are not finished
   * @param branches rows of these transactions
   */
  record Counts(long transactions, long branches, long topics) {}

  /**
   * One page of a listing.
   *
   * @param nextPosition where the next page starts; empty when this is the last
   */
  record Page(List<Row> rows, String nextPosition) {
    public Page {
      rows = List.copyOf(rows);
    }
  }

  /** One transaction, or why it could not be read. */
  sealed interface Row {
    String gid();

    /** How many rows of branches there are. */
    int branches();

    /** Read; whether it makes sense is another question. */
    record Found(ReferenceTransaction transaction) implements Row {
      @Override
      public String gid() {
        return transaction.gid();
      }

      @Override
      public int branches() {
        return transaction.branches().size();
      }
    }

    /** What is stored there is damaged or gone. */
    record Damaged(String gid, int branches, String reason) implements Row {}
  }
}
