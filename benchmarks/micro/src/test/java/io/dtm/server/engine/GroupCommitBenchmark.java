package io.dtm.server.engine;

import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.TransactionBuilder;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What group commit adds to each write when many passes write at the same time, each in a virtual
 * thread: over a store that costs nothing, and over one whose every batch takes as long as a disk's
 * sync. In the package of {@link GroupCommit}, because nobody else can see it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class GroupCommitBenchmark {
  private static final int WRITES_EACH = 20;
  private static final int PASSES_1 = 1;
  private static final int PASSES_64 = 64;
  private static final WriteCommand WRITE =
      new WriteCommand.Create(TransactionBuilder.aSaga("gid").step("debit", "credit").build());

  @Param({"0", "500"})
  int batchMicros;

  private GroupCommit commits;

  @Setup
  public void start() {
    commits =
        new GroupCommit(
            store(),
            EngineConfig.defaults().pendingWritesMax(),
            EngineConfig.defaults().writeBatchMax(),
            1,
            EngineThreads.over(task -> Thread.ofVirtual().start(task)));
    commits.start();
  }

  @Benchmark
  @OperationsPerInvocation(PASSES_1 * WRITES_EACH)
  public void oneWrites() throws InterruptedException {
    write(PASSES_1);
  }

  @Benchmark
  @OperationsPerInvocation(PASSES_64 * WRITES_EACH)
  public void sixtyFourWrite() throws InterruptedException {
    write(PASSES_64);
  }

  private void write(int passes) throws InterruptedException {
    var working = new CountDownLatch(passes);
    for (int pass = 0; pass < passes; pass++) {
      Thread.ofVirtual()
          .start(() -> {
            for (int i = 0; i < WRITES_EACH; i++) {
              commits.write(WRITE);
            }
            working.countDown();
          });
    }
    working.await();
  }

  /** One that knows one thing only. */
  private TransactionStore store() {
    return (TransactionStore)
        Proxy.newProxyInstance(
            TransactionStore.class.getClassLoader(),
            new Class<?>[] {TransactionStore.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("apply")) {
                throw new UnsupportedOperationException(method.toString());
              }
              if (batchMicros > 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(batchMicros));
              }
              int writes = ((List<?>) arguments[0]).size();
              return Collections.<WriteOutcome>nCopies(writes, new WriteOutcome.Applied());
            });
  }

  @TearDown
  public void stop() {
    commits.close();
  }
}
