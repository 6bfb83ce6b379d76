package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.dtm.server.store.kit.Wave;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps everything in Redis, for any number of nodes. Thread-safe.
 *
 * <p>What is acknowledged is as durable as Redis is told to make it: with {@code appendfsync
 * always} it is on disk; with {@code everysec} a crash of the machine, not of Redis alone, may lose
 * the last second; without {@code appendonly} a restart loses what came after the last snapshot. A
 * fail-over may lose what had not reached the new master; {@link RedisStoreConfig#replicas} waits
 * for that, which makes it unlikely, not impossible. Redis must not evict: {@code maxmemory-policy
 * noeviction}.
 *
 * <p>A call that ends with {@link StoreUnavailable} because there was no answer is never sent
 * again: its write may have happened or not.
 */
public final class RedisTransactionStore implements TransactionStore, KeyValueStore {
  /** The layout of keys, hashes and indexes. */
  private static final String FORMAT = "1";

  private final RedisLink link;
  private final StoreClock clock;
  private final TransactionTable table;
  private final Scans scans;
  private final Listing listing;
  private final EntryTable entries;

  private RedisTransactionStore(
      RedisStoreConfig config, RedisLink link, Keys keys, StoreClock clock) {
    this.link = link;
    this.clock = clock;
    this.table =
        new TransactionTable(link, keys, config, clock, ServerSettings.valueBytesMax(link));
    this.scans = new Scans(link, table, keys);
    this.listing = new Listing(link, table, keys);
    this.entries = new EntryTable(link, keys);
  }

  /**
   * Connects, and takes the time from Redis.
   *
   * @throws StoreUnavailable when Redis cannot be reached, or has data in another format there
   */
  public static RedisTransactionStore open(RedisStoreConfig config) {
    return open(config, Optional.empty());
  }

  /** Connects, with a clock that the nodes have in common some other way. */
  public static RedisTransactionStore open(RedisStoreConfig config, InstantSource clock) {
    return open(config, Optional.of(StoreClock.of(clock)));
  }

  private static RedisTransactionStore open(RedisStoreConfig config, Optional<StoreClock> given) {
    var keys = new Keys(config.prefix());
    var link = new RedisLink(config);
    try {
      link.connectToAll();
      requireFormat(link, keys);
      ServerSettings.warnOfLosses(link, config.topology());
      var clock = given.orElseGet(() -> new ServerClock(link::time));
      return new RedisTransactionStore(config, link, keys, clock);
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  private static void requireFormat(RedisLink link, Keys keys) {
    var supported = FORMAT.getBytes(UTF_8);
    var replies =
        link.send(
            List.of(
                Request.Plain.of(CommandType.SETNX, keys.format(), supported),
                Request.Plain.of(CommandType.GET, keys.format())));
    var found = replies.getLast().getFirst();
    if (!Arrays.equals(found, supported)) {
      throw link.failures()
          .because(
              "%s says format %s (supported: %s)"
                  .formatted(new String(keys.format(), UTF_8), new String(found, UTF_8), FORMAT));
    }
  }

  /** The time that due times and leases are compared with. */
  public StoreClock clock() {
    return clock;
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> batch) {
    var outcomes = new WriteOutcome[batch.size()];
    for (var wave : Wave.of(batch)) {
      var places =
          Stream.<Wave.Place<? extends WriteCommand>>concat(
                  wave.creates().stream(), wave.updates().stream())
              .toList();
      var written = table.write(places.stream().map(Wave.Place::command).toList());
      for (int i = 0; i < places.size(); i++) {
        outcomes[places.get(i).index()] = written.get(i);
      }
    }
    table.awaitReplicas(batch);
    return List.of(outcomes);
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return Optional.ofNullable(table.find(gid));
  }

  @Override
  public DueTransactions claimDue(String node, Duration lease, int limit) {
    clock.refresh();
    var now = clock.instant();
    return scans.claimDue(
        now,
        limit,
        found ->
            found.withSchedule(found.schedule().claimed(node, now.plus(lease))).nextVersion(now));
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    clock.refresh();
    return scans.makeDue(clock.instant(), beyond, limit);
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    TransactionStore.requireFinal(status);
    return scans.deleteFinished(status, finishedBefore, limit);
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    requirePositive(limit);
    return listing.page(filter, position, limit);
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: %d (expected: >= 1)".formatted(limit));
    }
  }

  @Override
  public Optional<Entry> findEntry(String category, String key) {
    return entries.find(category, key);
  }

  @Override
  public EntryPage listEntries(String category, String position, int limit) {
    requirePositive(limit);
    return entries.page(category, position, limit);
  }

  @Override
  public boolean putEntry(String category, String key, String value, long expectedVersion) {
    var now = clock.instant();
    return entries.put(new Entry(category, key, value, expectedVersion + 1, now, now));
  }

  @Override
  public boolean deleteEntry(String category, String key, long expectedVersion) {
    return entries.delete(category, key, expectedVersion);
  }

  /** Gives the connection up. Calls that come later are refused. */
  @Override
  public void close() {
    link.close();
  }
}
