package io.dtm.cache;

import static io.dtm.cache.TestRedis.EXPIRY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Counts up a few numbers in a "database", and reads them through caches at the same time. */
final class Workload {
  private static final int WRITERS = 2;
  private static final int READERS_OF_EACH = 3;

  /** How a writer makes a change known. */
  enum Update {
    CHANGE_AND_TAG,
    LOCK_CHANGE_UNLOCK
  }

  /**
   * What was seen.
   *
   * @param olderThanTagged reads that gave less than what had been tagged before they began
   * @param olderThanCommitted reads that gave less than what the database had before they began
   * @param oldestSeen how long the value of a read had been tagged as deleted at most, as it began
   * @param lostLoads loads during which the value changed
   */
  record Report(
      int reads,
      int updates,
      int failedLoads,
      int lostLoads,
      int olderThanTagged,
      int olderThanCommitted,
      Duration oldestSeen) {}

  private final List<ConsistentCache<String>> caches;
  private final Update update;
  private final Map<String, Row> rows = new TreeMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger updates = new AtomicInteger();
  private final AtomicInteger failedLoads = new AtomicInteger();
  private final AtomicInteger lostLoads = new AtomicInteger();
  private final AtomicInteger olderThanTagged = new AtomicInteger();
  private final AtomicInteger olderThanCommitted = new AtomicInteger();
  private final AtomicLong oldestSeenNanos = new AtomicLong();
  private volatile boolean isOver;

  /** One number, and when each of its values was known to be tagged. */
  private static final class Row {
    private final AtomicLong committed = new AtomicLong(1);
    private final NavigableMap<Long, Long> taggedAtNanos = new ConcurrentSkipListMap<>();

    long tagged() {
      var last = taggedAtNanos.lastEntry();
      return last == null ? 0 : last.getKey();
    }

    /** How long ago the value after this one was tagged. */
    long outdatedNanos(long seen, long now) {
      var next = taggedAtNanos.higherEntry(seen);
      return next == null ? 0 : now - next.getValue();
    }
  }

  Workload(List<ConsistentCache<String>> caches, Update update) {
    this.caches = caches;
    this.update = update;
    for (var i = 0; i < 2; i++) {
      rows.put(TestRedis.newKey(), new Row());
    }
  }

  Report run(Duration length) throws Exception {
    var threads = Executors.newCachedThreadPool();
    var running = new ArrayList<Future<?>>();
    for (var row : rows.entrySet()) {
      for (var i = 0; i < WRITERS; i++) {
        running.add(
            threads.submit(repeated(i, random -> write(row.getKey(), row.getValue(), random))));
      }
      for (var cache : caches) {
        for (var i = 0; i < READERS_OF_EACH; i++) {
          running.add(
              threads.submit(
                  repeated(100 + i, random -> read(cache, row.getKey(), row.getValue(), random))));
        }
      }
    }
    LockSupport.parkNanos(length.toNanos());
    isOver = true;
    for (var thread : running) {
      thread.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
    return new Report(
        reads.get(),
        updates.get(),
        failedLoads.get(),
        lostLoads.get(),
        olderThanTagged.get(),
        olderThanCommitted.get(),
        Duration.ofNanos(oldestSeenNanos.get()));
  }

  boolean everyReaderSeesTheLastValue() {
    return rows.entrySet().stream()
        .allMatch(row ->
            caches.stream()
                .allMatch(cache -> {
                  var last = row.getValue().committed.get();
                  return cache
                      .fetch(row.getKey(), EXPIRY, () -> Optional.of(Long.toString(last)))
                      .equals(Optional.of(Long.toString(last)));
                }));
  }

  private interface Act {
    void perform(SplittableRandom random) throws Exception;
  }

  private Callable<Void> repeated(int seed, Act act) {
    return () -> {
      var random = new SplittableRandom(seed);
      while (!isOver) {
        act.perform(random);
      }
      return null;
    };
  }

  private void write(String key, Row row, SplittableRandom random) {
    var cache = caches.get(random.nextInt(caches.size()));
    switch (update) {
      case CHANGE_AND_TAG -> {
        var value = row.committed.incrementAndGet();
        cache.tagAsDeleted(key);
        row.taggedAtNanos.put(value, System.nanoTime());
      }
      case LOCK_CHANGE_UNLOCK -> {
        var owner = "update-" + random.nextLong();
        while (!isOver && !cache.lock(key, owner).isGranted()) {
          LockSupport.parkNanos(1_000_000);
        }
        row.committed.incrementAndGet();
        var unused = cache.unlock(key, owner);
      }
    }
    updates.incrementAndGet();
    LockSupport.parkNanos(random.nextLong(1_000_000, 30_000_000));
  }

  private void read(ConsistentCache<String> cache, String key, Row row, SplittableRandom random) {
    var before = System.nanoTime();
    var tagged = row.tagged();
    var committed = row.committed.get();
    long seen;
    try {
      seen = Long.parseLong(cache.fetch(key, EXPIRY, () -> load(row, random)).orElseThrow());
    } catch (CacheLoadFailed e) {
      return;
    }
    reads.incrementAndGet();
    if (seen < tagged) {
      olderThanTagged.incrementAndGet();
    }
    if (seen < committed) {
      olderThanCommitted.incrementAndGet();
    }
    oldestSeenNanos.accumulateAndGet(row.outdatedNanos(seen, before), Math::max);
  }

  /** Reads the database first and dawdles then, as a slow network would; fails now and then. */
  private Optional<String> load(Row row, SplittableRandom random) {
    var value = row.committed.get();
    int dice;
    long pause;
    synchronized (random) {
      dice = random.nextInt(500);
      pause = dice == 499 ? random.nextLong(1_200_000_000L) : random.nextLong(3_000_000);
    }
    LockSupport.parkNanos(pause);
    if (dice < 5) {
      failedLoads.incrementAndGet();
      throw new IllegalStateException("a load failed");
    }
    if (row.committed.get() != value) {
      lostLoads.incrementAndGet();
    }
    return Optional.of(Long.toString(value));
  }
}
