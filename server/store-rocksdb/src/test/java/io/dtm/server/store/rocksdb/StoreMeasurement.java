package io.dtm.server.store.rocksdb;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the store on this machine; run by hand, with a folder on the disk in question as
 * argument. Commits go through a group commit like the engine's: one thread writes what has
 * gathered.
 */
final class StoreMeasurement {
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final int BATCH_MAX = 1_024;
  private static final int UNFINISHED = 100_000;
  private static final int FINISHED = 100_000;
  private static final Random RANDOM = new Random(7);
  private static final InstantSource CLOCK = InstantSource.system();

  private StoreMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    var folder = Files.createTempDirectory(Path.of(arguments[0]), "store-measurement-");
    System.out.println("folder " + folder);
    for (int waiters : new int[] {1, 64, 512}) {
      commits(folder.resolve("commits-" + waiters), waiters);
    }
    size(folder.resolve("size"));
    opening(folder.resolve("opening"), true);
    opening(folder.resolve("opening-free"), false);
    scans(folder.resolve("opening"));
  }

  private static RocksDbTransactionStore open(Path folder) {
    return RocksDbTransactionStore.open(folder, CLOCK, RocksDbStoreConfig.defaults());
  }

  private record Pending(WriteCommand command, CompletableFuture<WriteOutcome> outcome) {}

  private static GlobalTransaction saga(String gid) {
    var now = CLOCK.instant();
    return aSaga(gid)
        .payload(Payload.ofText("{\"amount\":30,\"order\":\"%x\"}".formatted(RANDOM.nextLong())))
        .step("localhost:8081/api/busi/TransOut", "localhost:8081/api/busi/TransIn")
        .createdAt(now)
        .claimedBy("node-1", now.plusSeconds(30))
        .build();
  }

  private static WriteCommand.Update succeed(GlobalTransaction saga) {
    var now = CLOCK.instant();
    var after = saga;
    for (int i = 1; i < saga.branches().size(); i += 2) {
      after = after.withBranch(i, after.branches().get(i).progress().succeeded(now));
    }
    after = after.movedTo(TransactionStatus.SUCCEEDED, "", now);
    return new WriteCommand.Update(
        saga, after.withSchedule(after.schedule().due(now)).nextVersion(now));
  }

  private static void commits(Path folder, int waiters) throws Exception {
    var queue = new ArrayBlockingQueue<Pending>(10_000);
    var running = new AtomicBoolean(true);
    var batches = new AtomicLong();
    var processor = new AtomicLong();
    var latencies = new ArrayList<long[]>();
    try (var store = open(folder);
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var writer =
          Thread.ofPlatform().start(() -> writeBatches(store, queue, running, batches, processor));
      var results = new ArrayList<CompletableFuture<long[]>>();
      long start = System.nanoTime();
      for (int i = 0; i < waiters; i++) {
        int client = i;
        results.add(CompletableFuture.supplyAsync(() -> commitFor(queue, client, start), clients));
      }
      for (var result : results) {
        latencies.add(result.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      running.set(false);
      writer.join();
      var all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      System.out.printf(
          "%3d waiters: %,.0f commits/s (half create, half finish a 2-step saga), %,.0f batches/s,"
              + " p50 %.2f ms, p99 %.2f ms, writer's processor %.1f us/commit%n",
          waiters,
          all.length / seconds,
          batches.get() / seconds,
          all[all.length / 2] / 1e6,
          all[(int) (all.length * 0.99)] / 1e6,
          processor.get() / 1e3 / all.length);
    }
  }

  private static void writeBatches(
      RocksDbTransactionStore store,
      BlockingQueue<Pending> queue,
      AtomicBoolean running,
      AtomicLong batches,
      AtomicLong processor) {
    var batch = new ArrayList<Pending>();
    while (running.get()) {
      try {
        var first = queue.poll(10, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      queue.drainTo(batch, BATCH_MAX - 1);
      var outcomes = store.apply(batch.stream().map(Pending::command).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).outcome.complete(outcomes.get(i));
      }
      batches.incrementAndGet();
      batch.clear();
    }
    processor.set(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  private static long[] commitFor(BlockingQueue<Pending> queue, int client, long start) {
    var latencies = new ArrayList<Long>();
    for (int i = 0; System.nanoTime() - start < EACH.toNanos(); i++) {
      var saga = saga("measured-%d-%d".formatted(client, i));
      latencies.add(commit(queue, new WriteCommand.Create(saga)));
      latencies.add(commit(queue, succeed(saga)));
    }
    return latencies.stream().mapToLong(Long::longValue).toArray();
  }

  private static long commit(BlockingQueue<Pending> queue, WriteCommand command) {
    long before = System.nanoTime();
    var pending = new Pending(command, new CompletableFuture<>());
    queue.add(pending);
    var outcome = pending.outcome.join();
    if (!(outcome instanceof WriteOutcome.Applied)) {
      throw new IllegalStateException(command.gid() + ": " + outcome);
    }
    return System.nanoTime() - before;
  }

  private static void size(Path folder) throws Exception {
    try (var store = open(folder)) {
      for (int n = 0; n < FINISHED; n += 1_000) {
        var created = sagas("size", n);
        store.apply(created.stream().<WriteCommand>map(WriteCommand.Create::new).toList());
        store.apply(created.stream().<WriteCommand>map(StoreMeasurement::succeed).toList());
      }
    }
    long total = 0;
    try (var database = new Database(folder.resolve("db"), RocksDbStoreConfig.defaults())) {
      for (var table : Table.values()) {
        database.rocksDb().compactRange(database.handle(table));
        long raw = 0;
        for (var properties :
            database.rocksDb().getPropertiesOfAllTables(database.handle(table)).values()) {
          raw += properties.getRawKeySize() + properties.getRawValueSize();
        }
        total += raw;
        System.out.printf("  %-10s %d bytes each, uncompressed%n", table, raw / FINISHED);
      }
    }
    System.out.printf(
        "a finished 2-step saga: %d bytes, %d on disk%n",
        total / FINISHED, tableBytes(folder) / FINISHED);
  }

  private static List<GlobalTransaction> sagas(String prefix, int first) {
    var sagas = new ArrayList<GlobalTransaction>();
    for (int i = first; i < first + 1_000; i++) {
      sagas.add(saga("%s-%d-%016x".formatted(prefix, i, RANDOM.nextLong())));
    }
    return sagas;
  }

  private static long tableBytes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      long sum = 0;
      for (var file : files.filter(f -> f.toString().endsWith(".sst")).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  private static void opening(Path folder, boolean leased) {
    try (var store = open(folder)) {
      for (int n = 0; n < UNFINISHED; n += 1_000) {
        store.apply(
            sagas("open", n).stream()
                .<WriteCommand>map(saga ->
                    new WriteCommand.Create(
                        leased
                            ? saga
                            : saga.withSchedule(
                                saga.schedule().due(CLOCK.instant().plusSeconds(10)))))
                .toList());
      }
    }
    System.out.printf(
        "opening with %,d unfinished, %s: %s, and once more: %s%n",
        UNFINISHED, leased ? "all leased" : "none leased", timeToOpen(folder), timeToOpen(folder));
  }

  private static String timeToOpen(Path folder) {
    var threads = ManagementFactory.getThreadMXBean();
    long cpu = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    var store = open(folder);
    var time =
        "%d ms (%d ms of processor)"
            .formatted(
                (System.nanoTime() - start) / 1_000_000,
                (threads.getCurrentThreadCpuTime() - cpu) / 1_000_000);
    store.close();
    return time;
  }

  private static void scans(Path folder) {
    try (var store = open(folder)) {
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        int claimed = store.claimDue("node", Duration.ofMinutes(1), 512).claimed().size();
        System.out.printf("claim of %d: %.1f ms%n", claimed, (System.nanoTime() - start) / 1e6);
      }
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        int listed = store.list(TransactionFilter.all(), "", 100).transactions().size();
        System.out.printf(
            "page of %d of all: %.1f ms%n", listed, (System.nanoTime() - start) / 1e6);
      }
    }
  }
}
