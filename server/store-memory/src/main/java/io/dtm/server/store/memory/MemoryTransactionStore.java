package io.dtm.server.store.memory;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.Parking;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in memory: nothing is durable, and all is gone when the store is. Thread-safe;
 * one lock guards it, and nothing blocks while holding it.
 */
public final class MemoryTransactionStore implements TransactionStore, KeyValueStore {
  /*
   * Invariants. M1: every transaction is in `listing`. M2: it is in `due` exactly while unfinished,
   * under the due time of its schedule. M3: it is in `succeeded` or `failed` exactly while it has
   * that status, under its end. put and remove are the only methods that change any of these.
   */
  private final InstantSource clock;
  private final Map<Gid, GlobalTransaction> transactions = new HashMap<>();
  private final NavigableSet<TimeKey> due = new TreeSet<>();
  private final NavigableSet<TimeKey> succeeded = new TreeSet<>();
  private final NavigableSet<TimeKey> failed = new TreeSet<>();
  private final NavigableSet<ListingKey> listing = new TreeSet<>();
  private final NavigableMap<EntryKey, Entry> entries = new TreeMap<>();

  public MemoryTransactionStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized List<WriteOutcome> apply(List<WriteCommand> batch) {
    return batch.stream().map(this::applyOne).toList();
  }

  private WriteOutcome applyOne(WriteCommand command) {
    var stored = transactions.get(command.gid());
    return switch (command) {
      case WriteCommand.Create create -> {
        if (stored != null) {
          yield new WriteOutcome.Conflict(stored);
        }
        put(create.transaction());
        yield new WriteOutcome.Applied();
      }
      case WriteCommand.Update update -> {
        if (stored == null) {
          yield new WriteOutcome.Missing();
        }
        if (stored.version() != update.before().version()) {
          yield new WriteOutcome.Conflict(stored);
        }
        put(update.after());
        yield new WriteOutcome.Applied();
      }
    };
  }

  private void put(GlobalTransaction next) {
    remove(next.gid());
    transactions.put(next.gid(), next);
    listing.add(ListingKey.of(next));
    indexOf(next.status()).add(timeKey(next));
  }

  private void remove(Gid gid) {
    var old = transactions.remove(gid);
    if (old != null) {
      listing.remove(ListingKey.of(old));
      indexOf(old.status()).remove(timeKey(old));
    }
  }

  private NavigableSet<TimeKey> indexOf(TransactionStatus status) {
    return switch (status) {
      case PREPARED, SUBMITTED, ABORTING -> due;
      case SUCCEEDED -> succeeded;
      case FAILED -> failed;
    };
  }

  private static TimeKey timeKey(GlobalTransaction transaction) {
    var finishedAt = transaction.progress().finishedAt();
    return new TimeKey(
        finishedAt == null ? transaction.schedule().dueAt() : finishedAt, transaction.gid());
  }

  @Override
  public synchronized Optional<GlobalTransaction> find(Gid gid) {
    return Optional.ofNullable(transactions.get(gid));
  }

  @Override
  public synchronized DueTransactions claimDue(String node, Duration lease, int limit) {
    var now = clock.instant();
    var claimed = new ArrayList<GlobalTransaction>();
    for (var gid : gidsUntil(due, now, true, limit)) {
      var found = stored(gid);
      var next =
          found.withSchedule(found.schedule().claimed(node, now.plus(lease))).nextVersion(now);
      put(next);
      claimed.add(next);
    }
    return new DueTransactions(claimed, due.isEmpty() ? null : due.getFirst().time());
  }

  /**
   * The first ones of an index, up to a time. A copy, so that the index may be changed meanwhile.
   */
  private static List<Gid> gidsUntil(
      NavigableSet<TimeKey> index, Instant end, boolean inclusive, int limit) {
    return index.stream()
        .takeWhile(key -> key.time().isBefore(end) || (inclusive && key.time().equals(end)))
        .limit(limit)
        .map(TimeKey::gid)
        .toList();
  }

  private GlobalTransaction stored(Gid gid) {
    return Objects.requireNonNull(transactions.get(gid), gid.value());
  }

  @Override
  public synchronized ResetOutcome makeDue(Duration beyond, int limit) {
    var now = clock.instant();
    var threshold = plus(now, beyond);
    // One more than asked for tells whether some remain.
    var found =
        due.stream()
            .dropWhile(key -> !key.time().isAfter(threshold))
            .map(key -> stored(key.gid()))
            .filter(transaction -> !transaction.schedule().isClaimed())
            .limit(limit + 1L)
            .toList();
    int count = Math.min(limit, found.size());
    for (var transaction : found.subList(0, count)) {
      put(transaction.withSchedule(transaction.schedule().due(now)).nextVersion(now));
    }
    return new ResetOutcome(count, found.size() > count);
  }

  private static Instant plus(Instant now, Duration beyond) {
    try {
      return now.plus(beyond);
    } catch (DateTimeException | ArithmeticException e) {
      return beyond.isNegative() ? Instant.MIN : Instant.MAX;
    }
  }

  @Override
  public synchronized int deleteFinished(
      TransactionStatus status, Instant finishedBefore, int limit) {
    TransactionStore.requireFinal(status);
    var gids = gidsUntil(indexOf(status), finishedBefore, false, limit);
    gids.forEach(this::remove);
    return gids.size();
  }

  @Override
  public synchronized TransactionPage list(TransactionFilter filter, String position, int limit) {
    requirePositive(limit);
    if (filter.parked()) {
      return listParked(filter, position, limit);
    }
    // One more than asked for tells whether a next page is worth asking for.
    var found =
        candidates(filter, position).stream()
            .takeWhile(key -> isNotBefore(key, filter.createdFrom()))
            .map(key -> stored(new Gid(key.gid())))
            .filter(filter::matches)
            .limit(limit + 1L)
            .toList();
    if (found.size() <= limit) {
      return new TransactionPage(found, "");
    }
    var page = found.subList(0, limit);
    return new TransactionPage(page, Positions.of(ListingKey.of(page.getLast())));
  }

  private TransactionPage listParked(TransactionFilter filter, String position, int limit) {
    // Somewhere before the first of them: which gids sort lowest is of no interest.
    var start =
        position.isEmpty()
            ? new TimeKey(Parking.DUE_FROM.minusNanos(1), new Gid("any"))
            : Positions.timeKey(position);
    var found =
        due.tailSet(start, false).stream()
            .dropWhile(key -> key.time().isBefore(Parking.DUE_FROM))
            .takeWhile(key -> key.time().isBefore(Parking.DUE_TO))
            .limit(limit + 1L)
            .toList();
    var page = found.subList(0, Math.min(limit, found.size()));
    return new TransactionPage(
        page.stream().map(key -> stored(key.gid())).filter(filter::matches).toList(),
        page.size() == found.size() ? "" : Positions.of(page.getLast()));
  }

  private NavigableSet<ListingKey> candidates(TransactionFilter filter, String position) {
    if (!position.isEmpty()) {
      return listing.tailSet(Positions.listingKey(position), false);
    }
    if (filter.createdTo() == null) {
      return listing;
    }
    // Nothing sorts before the empty text.
    return listing.tailSet(new ListingKey(filter.createdTo(), ""), true);
  }

  private static boolean isNotBefore(ListingKey key, @Nullable Instant createdFrom) {
    return createdFrom == null || !key.createdAt().isBefore(createdFrom);
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: %d (expected: >= 1)".formatted(limit));
    }
  }

  @Override
  public synchronized Optional<Entry> findEntry(String category, String key) {
    return Optional.ofNullable(entries.get(new EntryKey(category, key)));
  }

  @Override
  public synchronized EntryPage listEntries(String category, String position, int limit) {
    requirePositive(limit);
    var start =
        position.isEmpty()
            ? entries.tailMap(new EntryKey(category, ""), true)
            : entries.tailMap(Positions.entryKey(position), false);
    var found =
        start.values().stream()
            .takeWhile(entry -> category.isEmpty() || entry.category().equals(category))
            .limit(limit + 1L)
            .toList();
    if (found.size() <= limit) {
      return new EntryPage(found, "");
    }
    var page = found.subList(0, limit);
    var last = page.getLast();
    return new EntryPage(page, Positions.of(new EntryKey(last.category(), last.key())));
  }

  @Override
  public synchronized boolean putEntry(
      String category, String key, String value, long expectedVersion) {
    var entryKey = new EntryKey(category, key);
    var stored = entries.get(entryKey);
    if (versionOf(stored) != expectedVersion) {
      return false;
    }
    var now = clock.instant();
    var createdAt = stored == null ? now : stored.createdAt();
    entries.put(entryKey, new Entry(category, key, value, expectedVersion + 1, createdAt, now));
    return true;
  }

  @Override
  public synchronized boolean deleteEntry(String category, String key, long expectedVersion) {
    var entryKey = new EntryKey(category, key);
    var stored = entries.get(entryKey);
    return stored != null
        && stored.version() == expectedVersion
        && entries.remove(entryKey, stored);
  }

  private static long versionOf(@Nullable Entry stored) {
    return stored == null ? 0 : stored.version();
  }

  /** Has nothing to release. */
  @Override
  public void close() {}
}
