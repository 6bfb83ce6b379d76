package io.dtm.server.store.rocksdb;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.RecordUnreadable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Keeps transactions and settings in a folder of this machine, for one process at a time.
 *
 * <p>Durability: what {@link #apply}, {@link #putEntry} and {@link #deleteEntry} have acknowledged
 * survives a crash of the process and of the machine, provided that the disk keeps what it says it
 * has written. Claims, {@link #makeDue} and {@link #deleteFinished} survive a crash of the process;
 * a crash of the machine may undo the latest of them, in which case they are simply done again.
 *
 * <p>Thread-safe. Calls from virtual threads are carried out by platform threads of the store's
 * own, since native calls would hold their carriers; calls from platform threads are carried out by
 * these. After {@link #close} every call is a {@link io.dtm.server.core.StoreUnavailable}.
 */
public final class RocksDbTransactionStore implements TransactionStore, KeyValueStore {
  /*
   * Tables. Times are 12 bytes (seconds, nanoseconds) whose unsigned order is that of the instants;
   * a gid is UTF-8 and the last part of its key, or is followed by 0x00, which it cannot contain,
   * so no key is the beginning of a longer one by mistake (gids "a", "a1").
   *
   *   definition  gid                        what was asked for, and the branches known then;
   *                                          written anew only when that changes
   *   branch      gid 0x00 index             a branch that was appended later
   *   progress    gid                        version, status, schedule, how far each branch got;
   *                                          written with every version
   *   due         dueAt version gid          unfinished ones only; the value says whether leased
   *   finished    finishedAt version gid     finished ones only
   *   listing     status mode createdAt gid  createdAt running backwards
   *   entry       category 0x00 key          settings
   *
   * Invariants.
   * R1: a transaction is in definition, progress and listing, and in one of due and finished, under
   * the keys that its head (the beginning of its progress) tells, and under no others. Every write
   * is one batch that leaves it so.
   * R2: whoever writes holds writeLock from the read of the version to the end of the write, so
   * versions never fork.
   * R3: the version that a durable write builds upon is durable with it, because the log is made
   * durable from its beginning. After a crash the store is as it was at some moment, and no earlier
   * than at the last acknowledgement.
   * R4: keys of due, finished and listing are written and deleted in turn, never written twice in a
   * row (see TimeIndex).
   *
   * Lock order: the gate's, the one of a scan, writeLock.
   */

  /** A batch of commands whose records are larger is written in several parts. */
  private static final long PART_BYTES_MAX = 32L << 20;

  private final StoreFolder folder;
  private final DatabaseGate gate;
  private final InstantSource clock;
  private final WriteLock writeLock = new WriteLock();
  private final TransactionTables tables;
  private final Scans scans;
  private final Listing listing;
  private final EntryTable entries = new EntryTable();

  private RocksDbTransactionStore(StoreFolder folder, DatabaseGate gate, InstantSource clock) {
    this.folder = folder;
    this.gate = gate;
    this.clock = clock;
    var indexes = TimeIndexes.create();
    this.tables = new TransactionTables(indexes);
    var reader = new TransactionReader(folder.path(), tables);
    this.scans = new Scans(writeLock, indexes, tables, reader);
    this.listing = new Listing(reader);
  }

  /**
   * Opens the store in a folder, which is made if it is not there. Leases found there are void: the
   * process that held them has lost the folder to us, so its transactions are due at once.
   *
   * @throws StoreFolderInUse when another store has the folder
   * @throws StoreFolderUnusable when the folder cannot be written to, is damaged, or was written by
   *     a newer version
   */
  public static RocksDbTransactionStore open(
      Path path, InstantSource clock, RocksDbStoreConfig config) {
    var folder = StoreFolder.take(path.toAbsolutePath());
    var gate = new DatabaseGate(folder, config, clock);
    try {
      gate.open();
      var store = new RocksDbTransactionStore(folder, gate, clock);
      gate.<@Nullable Void>write(database -> {
        store.scans.voidLeases(database, clock.instant());
        return null;
      });
      return store;
    } catch (RuntimeException | Error e) {
      gate.close();
      folder.close();
      throw e;
    }
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> commands) {
    return locked(database -> {
      var drafts = new LinkedHashMap<Gid, Draft>();
      var outcomes = new ArrayList<WriteOutcome>(commands.size());
      for (var command : commands) {
        outcomes.add(decideIfReadable(database, command, drafts));
      }
      write(database, drafts.values());
      return List.copyOf(outcomes);
    });
  }

  private WriteOutcome decideIfReadable(
      Database database, WriteCommand command, Map<Gid, Draft> drafts) throws RocksDBException {
    try {
      var draft = drafts.get(command.gid());
      if (draft == null) {
        draft = new Draft(tables.head(database, Keys.gid(command.gid())));
        drafts.put(command.gid(), draft);
      }
      return decide(database, command, draft);
    } catch (RecordUnreadable e) {
      return new WriteOutcome.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private WriteOutcome decide(Database database, WriteCommand command, Draft draft)
      throws RocksDBException {
    if (!draft.exists()) {
      return switch (command) {
        case WriteCommand.Create create -> {
          draft.create(create.transaction());
          yield new WriteOutcome.Applied();
        }
        case WriteCommand.Update ignored -> new WriteOutcome.Missing();
      };
    }
    return switch (command) {
      case WriteCommand.Create create -> conflict(database, create.gid(), draft);
      case WriteCommand.Update update -> {
        if (!draft.accepts(update.before())) {
          yield conflict(database, update.gid(), draft);
        }
        draft.update(update);
        yield new WriteOutcome.Applied();
      }
    };
  }

  private WriteOutcome conflict(Database database, Gid gid, Draft draft) throws RocksDBException {
    var latest = draft.latest();
    if (latest != null) {
      return new WriteOutcome.Conflict(latest);
    }
    try (var view = database.view()) {
      var stored = tables.load(database, view, Keys.gid(gid));
      if (stored == null) {
        throw new IllegalStateException(gid + ": has gone while the write lock was held (R2)");
      }
      return new WriteOutcome.Conflict(stored.transaction());
    }
  }

  private void write(Database database, Iterable<Draft> drafts) throws RocksDBException {
    try (var batch = new WriteBatch()) {
      for (var draft : drafts) {
        var latest = draft.latest();
        if (latest != null) {
          if (batch.getDataSize() > PART_BYTES_MAX) {
            database.write(batch);
            batch.clear();
          }
          tables.put(database, batch, draft.stored(), latest, draft.isRedefined());
        }
      }
      if (batch.count() > 0) {
        database.writeDurably(batch);
      }
    }
  }

  private <T> T locked(DatabaseGate.Work<T> work) {
    return gate.write(database -> writeLock.holding(() -> work.with(database)));
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return gate.read(database -> {
      try (var view = database.view()) {
        return Optional.ofNullable(tables.load(database, view, Keys.gid(gid)))
            .map(Stored::transaction);
      }
    });
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    var now = clock.instant();
    return gate.write(database ->
        scans.claimDue(
            database,
            now,
            limit,
            found ->
                found
                    .withSchedule(found.schedule().claimed(node, now.plus(lease)))
                    .nextVersion(now)));
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return gate.write(database -> scans.makeDue(database, clock.instant(), beyond, limit));
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    TransactionStore.requireFinal(status);
    return gate.write(database -> scans.deleteFinished(database, status, finishedBefore, limit));
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    requirePositive(limit);
    return gate.read(database -> listing.page(database, filter, position, limit));
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: %d (expected: >= 1)".formatted(limit));
    }
  }

  @Override
  public Optional<Entry> findEntry(String category, String key) {
    return gate.read(database -> Optional.ofNullable(entries.find(database, category, key)));
  }

  @Override
  public EntryPage listEntries(String category, String position, int limit) {
    requirePositive(limit);
    return gate.read(database -> entries.page(database, category, position, limit));
  }

  @Override
  public boolean putEntry(String category, String key, String value, long expectedVersion) {
    var now = clock.instant();
    var next = new Entry(category, key, value, expectedVersion + 1, now, now);
    return locked(database -> entries.put(database, next));
  }

  @Override
  public boolean deleteEntry(String category, String key, long expectedVersion) {
    return locked(database -> entries.delete(database, category, key, expectedVersion));
  }

  /** Waits for calls that run, then gives the folder free. Calls that come later are refused. */
  @Override
  public void close() {
    gate.close();
    folder.close();
  }
}
