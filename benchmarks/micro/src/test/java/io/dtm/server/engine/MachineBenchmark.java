package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a machine needs for one decision about a transaction under way, of two branches, the first
 * of which is done. In the package of the machines, because nobody else can see them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MachineBenchmark {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = CREATED.plusMillis(5);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  @Param TransactionMode mode;

  private Machine machine;
  private GlobalTransaction transaction;
  private PassState pass;

  @Setup
  public void prepare() {
    var rule = new RetryRule(INTERVAL, Duration.ofMinutes(10), Duration.ofSeconds(35));
    pass = new PassState();
    switch (mode) {
      case SAGA -> {
        machine = new SagaMachine(rule);
        transaction =
            of(
                new TransactionSpec.Saga(false, Map.of()),
                branches(Operation.COMPENSATE, Operation.ACTION));
      }
      case TCC -> {
        machine = TwoPhaseMachine.tcc(rule);
        transaction = of(new TransactionSpec.Tcc(), branches(Operation.CANCEL, Operation.CONFIRM));
      }
      case XA -> {
        machine = TwoPhaseMachine.xa(rule);
        transaction = of(new TransactionSpec.Xa(), branches(Operation.ROLLBACK, Operation.COMMIT));
      }
      case MESSAGE -> {
        machine = new MessageMachine(rule);
        transaction = of(new TransactionSpec.Message(Duration.ZERO), branches(Operation.ACTION));
      }
      case WORKFLOW -> {
        machine = new WorkflowMachine(rule);
        transaction =
            of(new TransactionSpec.Workflow("order", Payload.empty()), branches(Operation.ACTION));
      }
    }
  }

  @Benchmark
  public Object decides() {
    return machine.next(transaction, pass, NOW);
  }

  /** Two steps with these operations; the last operation of the first has succeeded. */
  private static List<Branch> branches(Operation... operations) {
    var planned =
        IntStream.rangeClosed(1, 2)
            .boxed()
            .flatMap(i -> Stream.of(operations).map(operation -> planned(i, operation)))
            .toList();
    int done = operations.length - 1;
    return IntStream.range(0, planned.size())
        .mapToObj(i ->
            i == done
                ? planned.get(i).withProgress(planned.get(i).progress().succeeded(NOW))
                : planned.get(i))
        .toList();
  }

  private static Branch planned(int step, Operation operation) {
    return Branch.planned(
        "0" + step,
        operation,
        "http://participant/" + operation.name(),
        Payload.ofText("{\"amount\":30}"),
        CREATED);
  }

  private static GlobalTransaction of(TransactionSpec spec, List<Branch> branches) {
    var definition =
        new TransactionDefinition(
            new Gid("gid"),
            spec,
            BranchProtocol.HTTP,
            TransactionOptions.defaults(),
            "http://client/check",
            "",
            CREATED);
    var schedule = new Schedule(CREATED.plus(INTERVAL), INTERVAL, 0, "node");
    // A workflow is its client's until that reports the end: a machine has it resumed.
    var status =
        spec.mode() == TransactionMode.WORKFLOW
            ? TransactionStatus.PREPARED
            : TransactionStatus.SUBMITTED;
    return new GlobalTransaction(
        definition, branches, new TransactionProgress(status, 1, schedule, CREATED, null, "", ""));
  }
}
