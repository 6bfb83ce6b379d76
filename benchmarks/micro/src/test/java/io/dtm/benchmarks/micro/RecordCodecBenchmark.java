package io.dtm.benchmarks.micro;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.store.kit.RecordChange;
import io.dtm.server.store.kit.TransactionRecord;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A saga's record: written when it begins and when it ends, and read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordCodecBenchmark {
  @Param({"2", "10"})
  int steps;

  private GlobalTransaction begun;
  private WriteCommand.Update end;
  private TransactionRecord record;

  @Setup
  public void prepare() {
    begun = Sagas.begun("saga-0123456789", steps);
    end = Sagas.end(begun);
    record = TransactionRecord.of(end.after());
  }

  @Benchmark
  public TransactionRecord writesTheBeginning() {
    return TransactionRecord.of(begun);
  }

  @Benchmark
  public RecordChange writesTheEnd() {
    return RecordChange.of(end);
  }

  @Benchmark
  public GlobalTransaction reads() {
    return record.read(begun.gid());
  }
}
