package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineUsageTest {
  private static final List<String> STAT =
      List.of(
          "cpu  100 10 50 9000 7 3 2 5 0 0",
          "cpu0 50 5 25 4500 3 1 1 2 0 0",
          "cpu1 50 5 25 4500 4 2 1 3 0 0",
          "intr 1234");
  private static final List<String> DISKS =
      List.of(
          "   7       0 loop0 0 0 0 0 0 0 0 0 0 900000 0 0 0 0 0 0 0",
          " 254       0 vda 367730 1 2 3 4 5 6 7 0 3000 9 10 11 12 13 40 1500",
          " 254       1 vda1 367730 1 2 3 4 5 6 7 0 9000 9 10 11 12 13 40 1500",
          " 254      16 vdb 367730 1 2 3 4 5 6 7 0 100 9");

  @Test
  void countsProcessorsInUseAndTheBusiestDisk() {
    var usage = MachineUsage.of(STAT, DISKS);

    assertThat(usage.processors()).isEqualTo(2);
    assertThat(usage.busySeconds()).isEqualTo(1.65);
    assertThat(usage.diskBusySeconds()).isEqualTo(4.5);
    assertThat(usage.diskFlushes()).isEqualTo(40);
  }

  @Test
  void knowsNothingOfDisksWhereThereAreNone() {
    assertThat(MachineUsage.of(STAT, List.of()).diskBusySeconds()).isZero();
  }
}
