package io.dtm.server.store.jdbc;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.kit.ServerClock;
import io.dtm.server.store.kit.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Keeps transactions in an SQL database, which any number of nodes may share. Durable as soon as
 * the database says so: with the settings that it is delivered with, a commit survives the crash of
 * its machine. Thread-safe.
 */
public final class JdbcTransactionStore implements TransactionStore, KeyValueStore {
  private final Database database;
  private final StoreClock clock;
  private final TransactionTable table;
  private final BatchWriter writer;
  private final DueRows dueRows;
  private final Listing listing;
  private final ParkedRows parkedRows;
  private final SettingTable settings;
  private final FinishedRows finishedRows;

  private JdbcTransactionStore(Database database, Dialect dialect, StoreClock clock) {
    this.database = database;
    this.clock = clock;
    this.table = new TransactionTable(dialect, database.name());
    this.writer = new BatchWriter(database, table);
    this.dueRows = new DueRows(dialect, table);
    this.listing = new Listing(dialect, table);
    this.parkedRows = new ParkedRows(dialect, table);
    this.finishedRows = new FinishedRows(dialect);
    this.settings = new SettingTable(dialect);
  }

  /**
   * Opens the store and brings its tables up to date. Times are those of the database's clock.
   *
   * @throws StoreUnavailable when the database cannot be reached
   * @throws DatabaseUnusable when it does not let us in, is of another kind, or its schema is newer
   *     than this server or cannot be changed
   */
  public static JdbcTransactionStore open(JdbcStoreConfig config) {
    return open(
        config,
        (database, dialect) ->
            new ServerClock(() ->
                database.read(connection -> {
                  try (var statement = connection.prepareStatement(dialect.time());
                      var rows = statement.executeQuery()) {
                    rows.next();
                    return Micros.instant(rows.getLong(1));
                  }
                })));
  }

  /** Likewise, with times of a clock that is right by itself. */
  public static JdbcTransactionStore open(JdbcStoreConfig config, InstantSource clock) {
    return open(config, (database, dialect) -> StoreClock.of(clock));
  }

  private static JdbcTransactionStore open(
      JdbcStoreConfig config, BiFunction<Database, Dialect, StoreClock> clock) {
    var dialect = Dialect.of(config.url());
    new FirstConnection(config, dialect).require();
    // Before the pool is there, which may take all connections that the server has to give.
    try (var few = new Database(Migrations.withFewConnections(config), dialect)) {
      Migrations.run(few, dialect, config);
    }
    var database = new Database(config, dialect);
    try {
      return new JdbcTransactionStore(database, dialect, clock.apply(database, dialect));
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  /** The clock that due times are compared with, to be that of the engine as well. */
  public InstantSource clock() {
    return clock;
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> batch) {
    return batch.isEmpty() ? List.of() : writer.apply(batch);
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return database.read(connection -> Optional.ofNullable(table.find(connection, gid)));
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    clock.refresh();
    return database.write(connection -> {
      var now = clock.instant();
      return dueRows.claim(
          connection,
          now,
          limit,
          found ->
              found.withSchedule(found.schedule().claimed(node, now.plus(lease))).nextVersion(now));
    });
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return database.write(
        connection -> dueRows.makeDue(connection, clock.instant(), beyond, limit));
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    requirePositive(limit);
    if (filter.parked()) {
      var after = position.isEmpty() ? null : Place.ofParked(position);
      return database.read(connection -> parkedRows.page(connection, filter, after, limit));
    }
    var after = position.isEmpty() ? null : Place.ofListing(position);
    return database.read(connection -> listing.page(connection, filter, after, limit));
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: %d (expected: >= 1)".formatted(limit));
    }
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    TransactionStore.requireFinal(status);
    return database.write(
        connection -> finishedRows.delete(connection, status, finishedBefore, limit));
  }

  @Override
  public Optional<Entry> findEntry(String category, String key) {
    return database.read(connection -> settings.find(connection, category, key));
  }

  @Override
  public EntryPage listEntries(String category, String position, int limit) {
    requirePositive(limit);
    var after = position.isEmpty() ? null : Place.at(position);
    return database.read(connection -> settings.page(connection, category, after, limit));
  }

  @Override
  public boolean putEntry(String category, String key, String value, long expectedVersion) {
    var now = clock.instant();
    return database.write(connection ->
        expectedVersion == 0
            ? settings.insert(connection, category, key, value, now)
            : settings.update(connection, category, key, value, expectedVersion, now));
  }

  @Override
  public boolean deleteEntry(String category, String key, long expectedVersion) {
    return database.write(
        connection -> settings.delete(connection, category, key, expectedVersion));
  }

  /** Ends all connections. Calls that come later are refused. */
  @Override
  public void close() {
    database.close();
  }
}
