package io.dtm.benchmarks.micro;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.stores.OpenStore;
import io.dtm.server.stores.StoreUrl;
import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One batch of a store, as group commit hands it over, durable when it returns: so many sagas that
 * begin, or so many that end. The store fills up meanwhile, as a server's does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StoreBenchmark {
  private static final String MEMORY = "memory";
  private static final int STEPS = 2;

  @Param({MEMORY, "rocksdb", "mysql", "postgres", "redis"})
  String store;

  @Param({"1", "16", "64"})
  int batch;

  private Path folder;
  private AutoCloseable place = () -> {};
  private OpenStore open;
  private long next;

  @Setup
  public void start() throws IOException {
    folder = Files.createTempDirectory("dtm-store-benchmark-");
    open = OpenStore.open(StoreUrl.parse(url()), InstantSource.system());
  }

  private String url() {
    if (store.equals(MEMORY)) {
      return "memory:";
    }
    var started = StorePlace.open(StoreKind.of(store), folder.resolve("data"));
    place = started;
    return started.url();
  }

  /** Two batches; half of the time is that of one. */
  @Benchmark
  public List<WriteOutcome> beginsAndEnds() {
    var begun = begun();
    requireApplied(open.transactions().apply(creates(begun)));
    var outcomes = open.transactions().apply(begun.stream().<WriteCommand>map(Sagas::end).toList());
    requireApplied(outcomes);
    return outcomes;
  }

  @Benchmark
  public List<WriteOutcome> begins() {
    var outcomes = open.transactions().apply(creates(begun()));
    requireApplied(outcomes);
    return outcomes;
  }

  private List<GlobalTransaction> begun() {
    var all = new ArrayList<GlobalTransaction>(batch);
    IntStream.range(0, batch).forEach(i -> all.add(Sagas.begun("saga-" + next++, STEPS)));
    return all;
  }

  private static List<WriteCommand> creates(List<GlobalTransaction> begun) {
    return begun.stream().<WriteCommand>map(WriteCommand.Create::new).toList();
  }

  private static void requireApplied(List<WriteOutcome> outcomes) {
    for (var outcome : outcomes) {
      if (!(outcome instanceof WriteOutcome.Applied)) {
        throw new IllegalStateException(outcome + " (expected: applied)");
      }
    }
  }

  @TearDown
  public void stop() throws Exception {
    open.close();
    place.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
