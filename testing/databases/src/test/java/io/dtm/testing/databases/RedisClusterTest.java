package io.dtm.testing.databases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisClusterTest {
  @Test
  void sharesAllSlotsAmongItsMasters() {
    try (var cluster = RedisCluster.start(3)) {
      assertThat(cluster.nodes()).hasSize(3).contains(cluster.node(2).address());
      assertThat(cluster.node(0).query("CLUSTER", "INFO").lines())
          .contains("cluster_state:ok", "cluster_slots_ok:16384", "cluster_size:3");
    }
  }
}
