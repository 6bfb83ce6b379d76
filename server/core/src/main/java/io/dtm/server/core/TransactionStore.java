package io.dtm.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps global transactions. Thread-safe. Times are compared with the store's own clock, so that
 * the clocks of nodes that share a store do not matter.
 *
 * <p>Every method throws {@link StoreUnavailable} when the store cannot be reached or cannot tell
 * what became of the request; a write may then have happened or not.
 *
 * <p>A record that cannot be read, because it is damaged or was written by a newer version of the
 * server, holds up no other: claims, listings and batches pass it over and leave it as it is, and
 * only who asks for that very transaction hears of it, as a {@link StoredRecordUnreadable}.
 * Likewise a record that somebody else has locked, or that is too large for the store: the other
 * writes of a batch are carried out without it.
 */
public interface TransactionStore extends AutoCloseable {

  /**
   * Carries out a batch of writes and returns when all that were applied are durable. Commands on
   * the same gid take effect in the order of the batch, each seeing the ones before it.
   *
   * @return one outcome for each command, in the same order
   */
  List<WriteOutcome> apply(List<WriteCommand> batch);

  Optional<GlobalTransaction> find(Gid gid);

  /**
   * Takes up to {@code limit} unfinished transactions whose {@link Schedule#dueAt} has come, oldest
   * first, and leases them to {@code node}: each has a new version and is due again after {@code
   * lease}. No two calls return the same one within the lease. A store may stop early where
   * payloads are large; {@link DueTransactions#nextDueAt} is then in the past. It may round due
   * times up, by less than a microsecond.
   */
  DueTransactions claimDue(String node, Duration lease, int limit);

  /**
   * Transactions matching {@code filter}, newest first. A page may end early where payloads are
   * large.
   *
   * <p>{@linkplain TransactionFilter#parked Parked} ones come in the order in which they were
   * parked. They are found by that alone: a page looks at {@code limit} of them, and may be short,
   * or empty, before the last one when the filter has other parts.
   *
   * @param position where the last page ended; empty for the first page. Opaque to callers; an
   *     unknown one is an {@link IllegalArgumentException}.
   */
  TransactionPage list(TransactionFilter filter, String position, int limit);

  /**
   * Makes unfinished transactions due at once that would be due only after {@code beyond} from now,
   * at most {@code limit} of them, parked ones included. Transactions under a lease are left alone.
   */
  ResetOutcome makeDue(Duration beyond, int limit);

  /**
   * Deletes up to {@code limit} transactions of one final status that ended before {@code
   * finishedBefore}, oldest first, without looking at any other.
   *
   * @return how many were deleted; fewer than {@code limit} means that none is left
   */
  int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit);

  /** Refuses a status that is not final: unfinished transactions are never deleted. */
  static void requireFinal(TransactionStatus status) {
    if (!status.isFinal()) {
      throw new IllegalArgumentException("status: %s (expected: a final one)".formatted(status));
    }
  }

  @Override
  void close();

  /**
   * What {@link #claimDue} found.
   *
   * @param nextDueAt when the next unfinished transaction falls due, may be in the past when more
   *     are due than were asked for; null when there is none, or when only parked ones are left
   */
  record DueTransactions(List<GlobalTransaction> claimed, @Nullable Instant nextDueAt) {
    public DueTransactions {
      claimed = List.copyOf(claimed);
      if (nextDueAt != null && Parking.isDueTime(nextDueAt)) {
        nextDueAt = null;
      }
    }
  }

  /**
   * Narrows a listing; null leaves a part open.
   *
   * @param createdFrom inclusive
   * @param createdTo inclusive
   * @param parked whether only parked ones are wanted
   */
  record TransactionFilter(
      @Nullable TransactionStatus status,
      @Nullable TransactionMode mode,
      @Nullable Instant createdFrom,
      @Nullable Instant createdTo,
      boolean parked) {
    private static final TransactionFilter ALL = new TransactionFilter(null, null, null, null);
    private static final TransactionFilter PARKED =
        new TransactionFilter(null, null, null, null, true);

    /** Of parked transactions and others. */
    public TransactionFilter(
        @Nullable TransactionStatus status,
        @Nullable TransactionMode mode,
        @Nullable Instant createdFrom,
        @Nullable Instant createdTo) {
      this(status, mode, createdFrom, createdTo, false);
    }

    public static TransactionFilter all() {
      return ALL;
    }

    /** All that are parked. */
    public static TransactionFilter allParked() {
      return PARKED;
    }

    public boolean matches(GlobalTransaction transaction) {
      var createdAt = transaction.definition().createdAt();
      return (status == null || status == transaction.status())
          && (mode == null || mode == transaction.mode())
          && (createdFrom == null || !createdAt.isBefore(createdFrom))
          && (createdTo == null || !createdAt.isAfter(createdTo))
          && (!parked || transaction.schedule().isParked());
    }
  }

  /**
   * One page of a listing.
   *
   * @param nextPosition where the next page starts; empty when this is the last
   */
  record TransactionPage(List<GlobalTransaction> transactions, String nextPosition) {
    public TransactionPage {
      transactions = List.copyOf(transactions);
    }
  }

  /**
   * How many transactions {@link #makeDue} has made due, and whether it left some because of its
   * limit.
   */
  record ResetOutcome(int count, boolean hasRemaining) {}
}
