package io.dtm.testing.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisSentinelTest {
  @Test
  void replacesAKilledMasterByItsReplica() {
    try (var group = RedisSentinel.start()) {
      assertThat(group.sentinels()).hasSize(3);
      assertThat(role(group.master())).contains("master");
      assertThat(role(group.replica())).contains("slave");

      group.master().kill();

      assertThat(
              Deadline.await(
                  Duration.ofSeconds(30), () -> role(group.replica()).contains("master")))
          .isTrue();
    }
  }

  private static String role(RedisServer server) {
    return server.query("ROLE").lines().findFirst().orElseThrow();
  }
}
