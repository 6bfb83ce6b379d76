package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.faults.Disturbances.Kind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code dtm torture} does, in short: on two stores here; the command has them all. */
class TortureIT {
  private static final int CLIENTS = 9;

  private static final Map<Kind, Integer> A_BIT_OF_ALL =
      Map.of(
          Kind.KILL, 3,
          Kind.PAUSE, 1,
          Kind.DATABASE_RESTART, 1,
          Kind.DATABASE_CUT, 1,
          Kind.PARTICIPANT_CUT, 1);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"MYSQL", "REDIS"})
  void threeServersLoseNothingAndBreakNoPromiseWhateverIsDoneToThem(StoreKind kind)
      throws Exception {
    var report = torture(kind, 3, A_BIT_OF_ALL, 0);

    assertThat(report.judge().lost()).as("acknowledged, but lost").isEmpty();
    assertThat(report.judge().violations()).isEmpty();
    assertThat(report.unexpected()).isEmpty();
    assertThat(report.chronicle().acknowledged()).isGreaterThan(100);
  }

  @Test
  void withoutADisturbanceNoCallIsMadeTwice() throws Exception {
    var report = torture(StoreKind.POSTGRES, 3, Map.of(), 1_000);

    assertThat(report.isGood()).isTrue();
    assertThat(report.judge().duplicates()).isZero();
    assertThat(report.chronicle().acknowledged()).isGreaterThanOrEqualTo(1_000);
  }

  private TortureReport torture(
      StoreKind kind, int nodes, Map<Kind, Integer> disturbances, int transactions)
      throws Exception {
    var plan =
        new TorturePlan(
            kind,
            nodes,
            CLIENTS,
            Duration.ofMillis(30),
            transactions,
            disturbances,
            System.nanoTime());
    var report = new Torture(plan, folder).run();
    report.print(new PrintWriter(System.out, true));
    return report;
  }
}
