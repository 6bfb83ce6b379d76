package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole of it, short, against a real server that it starts itself. */
class BenchIT {
  private static final int CONNECTIONS = 4;
  private static final Duration TURN = Duration.ofMillis(60);

  private static Contender server;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    server = Contender.started(ServerStore.Kind.ROCKSDB, List.of("-Xmx256m"), folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"HTTP, true", "HTTP, false", "GRPC, true", "GRPC, false"})
  void everyFlowOfEveryModeEndsWellAndCausesEachOfItsCallsOnce(Wire wire, boolean waits)
      throws Exception {
    var plan = plan(List.of(Mode.values()), wire, waits, new Pace.Closed(), TURN);
    var reports = new ArrayList<Report>();

    new Bench(plan, List.of(server), "it-%s-%s".formatted(wire, waits)).run(reports::add);

    assertThat(reports).hasSize(Mode.values().length);
    assertThat(reports)
        .allSatisfy(report -> {
          var text = text(report);
          assertThat(report.isGood()).as(text).isTrue();
          assertThat(turn(report).tally().succeeded()).as(text).isPositive();
          assertThat(text).contains("each came once");
        });
  }

  @Test
  void tellsWhatAFlowCosts() throws Exception {
    var plan = plan(List.of(Mode.SAGA), Wire.HTTP, true, new Pace.Closed(), Duration.ofMillis(400));
    var reports = new ArrayList<Report>();

    new Bench(plan, List.of(server), "it-cost").run(reports::add);

    var turn = turn(reports.getFirst());
    assertThat(turn.serverCpuMillis()).isPositive();
    assertThat(turn.allocatedKib()).isGreaterThan(1);
    assertThat(turn.shares().processor()).isBetween(0.0, 1.1);
    assertThat(text(reports.getFirst())).contains("bottleneck: ");
  }

  @Test
  void aSecondServerTakesTurnsAndIsCompared() throws Exception {
    var plan = plan(List.of(Mode.SAGA), Wire.HTTP, true, new Pace.Open(200), TURN);
    var other =
        Contender.running(
            server.address(Wire.HTTP),
            server.address(Wire.GRPC),
            new Contender.Processes(
                OptionalLong.empty(), OptionalLong.of(ProcessHandle.current().pid())));
    var reports = new ArrayList<Report>();

    new Bench(plan, List.of(server, other), "it-pair").run(reports::add);

    assertThat(reports)
        .allSatisfy(report -> {
          assertThat(report.isGood()).as(text(report)).isTrue();
          assertThat(report.columns()).hasSize(2);
          assertThat(report.columns().get(1).turns().getFirst().databaseCpuMillis())
              .as("of the process that was named as its database")
              .isPositive();
          assertThat(text(report))
              .contains("ratio")
              .contains("this, rocksdb")
              .contains(other.name());
        });
  }

  private static BenchPlan plan(
      List<Mode> modes, Wire wire, boolean waits, Pace pace, Duration turn) {
    return new BenchPlan(
        modes, wire, waits, pace, CONNECTIONS, Duration.ZERO, turn, 1, "127.0.0.1", Duration.ZERO);
  }

  private static TurnFigures turn(Report report) {
    return report.columns().getFirst().turns().getFirst();
  }

  private static String text(Report report) {
    var text = new StringWriter();
    report.print(new PrintWriter(text));
    return text.toString();
  }
}
