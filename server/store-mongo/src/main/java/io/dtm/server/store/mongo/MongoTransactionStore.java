package io.dtm.server.store.mongo;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.ServerClock;
import io.dtm.server.store.kit.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Keeps transactions and settings in MongoDB, for any number of nodes. Needs writes that are atomic
 * for one document and nothing more, so that compatible servers will do. Thread-safe.
 *
 * <p>A write counts once a majority of the replica set has it in its journal. Reads go to the
 * primary and see what a majority has.
 */
public final class MongoTransactionStore implements TransactionStore, KeyValueStore {
  private final MongoClient client;
  private final Failures failures;
  private final StoreClock clock;
  private final MongoCollection<Document> transactions;
  private final Writes writes;
  private final Scans scans;
  private final Listing listing;
  private final Entries entries;

  private MongoTransactionStore(
      MongoStoreConfig config,
      MongoClient client,
      Failures failures,
      Layout layout,
      StoreClock clock) {
    this.client = client;
    this.failures = failures;
    this.clock = clock;
    this.transactions = layout.transactions();
    var reader = new ScanReader(config);
    this.writes = new Writes(transactions, new TransactionDocuments(config), failures);
    this.scans = new Scans(transactions, writes, reader);
    this.listing = new Listing(transactions, reader);
    this.entries = new Entries(layout.settings());
  }

  /**
   * Opens the store, with the clock of the server that is the primary.
   *
   * @throws IllegalArgumentException when the connection string is wrong
   * @throws StoreUnavailable when no server can be reached, or the database has another layout
   */
  public static MongoTransactionStore open(MongoStoreConfig config) {
    return open(
        config, (database, failures) -> new ServerClock(new ServerTime(database, failures)));
  }

  /** The same with a clock that is right by itself, for tests. */
  public static MongoTransactionStore open(MongoStoreConfig config, InstantSource clock) {
    return open(config, (database, failures) -> StoreClock.of(clock));
  }

  private interface ClockSource {
    StoreClock clock(MongoDatabase database, Failures failures);
  }

  private static MongoTransactionStore open(MongoStoreConfig config, ClockSource clocks) {
    var failures = new Failures(config);
    var client = failures.translated(() -> MongoClients.create(settings(config)));
    try {
      return failures.translated(() -> {
        var database = client.getDatabase(config.database());
        var layout = new Layout(database, config.collectionPrefix());
        layout.prepare(failures);
        var clock = clocks.clock(database, failures);
        return new MongoTransactionStore(config, client, failures, layout, clock);
      });
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static MongoClientSettings settings(MongoStoreConfig config) {
    var connectionString = connectionString(config);
    long connectMillis = config.connectTimeout().toMillis();
    long requestMillis = config.requestTimeout().toMillis();
    var readConcern = connectionString.getReadConcern();
    return MongoClientSettings.builder()
        .applicationName("dtm")
        .applyConnectionString(connectionString)
        .applyToClusterSettings(
            cluster -> cluster.serverSelectionTimeout(connectMillis, TimeUnit.MILLISECONDS))
        .applyToConnectionPoolSettings(
            pool -> pool.maxWaitTime(connectMillis, TimeUnit.MILLISECONDS))
        .applyToSocketSettings(socket ->
            socket
                .connectTimeout(connectMillis, TimeUnit.MILLISECONDS)
                .readTimeout(requestMillis, TimeUnit.MILLISECONDS))
        .readPreference(ReadPreference.primary())
        .readConcern(readConcern == null ? ReadConcern.MAJORITY : readConcern)
        .writeConcern(
            WriteConcern.MAJORITY
                .withJournal(true)
                .withWTimeout(requestMillis, TimeUnit.MILLISECONDS))
        .build();
  }

  private static ConnectionString connectionString(MongoStoreConfig config) {
    try {
      return new ConnectionString(config.connectionString());
    } catch (IllegalArgumentException e) {
      // The driver's words may quote the password, so they are not passed on where there is one.
      var why = config.connectionString().contains("@") ? "" : ": " + e.getMessage();
      throw new IllegalArgumentException(
          "connectionString of %s: not understood%s (expected: mongodb://[user:password@]host[:port],…/[?options], with %%XX for reserved characters of user and password)"
              .formatted(config.describe(), why));
    }
  }

  /** The clock that due times are compared with. */
  public StoreClock clock() {
    return clock;
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> batch) {
    return failures.translated(() -> writes.apply(batch));
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return failures.translated(() ->
        Optional.ofNullable(
                transactions
                    .find(eq(TransactionDocuments.ID, TransactionDocuments.id(gid)))
                    .first())
            .map(TransactionDocuments::read));
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    return failures.translated(() -> {
      clock.refresh();
      return scans.claimDue(clock.instant(), node, lease, limit);
    });
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    requirePositive(limit);
    return failures.translated(() -> listing.page(filter, position, limit));
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return failures.translated(() -> {
      clock.refresh();
      return scans.makeDue(clock.instant(), beyond, limit);
    });
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    TransactionStore.requireFinal(status);
    return failures.translated(() -> scans.deleteFinished(status, finishedBefore, limit));
  }

  @Override
  public Optional<Entry> findEntry(String category, String key) {
    return failures.translated(() -> entries.find(category, key));
  }

  @Override
  public EntryPage listEntries(String category, String position, int limit) {
    requirePositive(limit);
    return failures.translated(() -> entries.page(category, position, limit));
  }

  @Override
  public boolean putEntry(String category, String key, String value, long expectedVersion) {
    return failures.translated(
        () -> entries.put(category, key, value, expectedVersion, clock.instant()));
  }

  @Override
  public boolean deleteEntry(String category, String key, long expectedVersion) {
    return failures.translated(() -> entries.delete(category, key, expectedVersion));
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: %d (expected: >= 1)".formatted(limit));
    }
  }

  @Override
  public void close() {
    failures.close();
    client.close();
  }
}
