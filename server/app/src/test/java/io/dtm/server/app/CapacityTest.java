package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapacityTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void takesWhatIsWantedWhereThereIsEnough() {
    var large = new Capacity(8_192 * MIB, 1_000_000);

    assertThat(large.connections(8_192)).isEqualTo(8_192);
    assertThat(large.bytesInWork(1_000)).isEqualTo(1_000);
  }

  @Test
  void heapBoundsConnectionsAndBytes() {
    var small = new Capacity(256 * MIB, 1_000_000);

    assertThat(small.connections(8_192)).isEqualTo(2_048);
    assertThat(small.bytesInWork(0)).isEqualTo(64 * MIB);
  }

  @Test
  void openFilesBoundConnections() {
    assertThat(new Capacity(8_192 * MIB, 4_096).connections(8_192)).isEqualTo(1_536);
    assertThat(new Capacity(8_192 * MIB, 256).connections(8_192)).isEqualTo(16);
  }

  @Test
  void knowsThisProcess() {
    var capacity = Capacity.ofThisProcess();

    assertThat(capacity.heapBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(capacity.files()).isPositive();
  }
}
