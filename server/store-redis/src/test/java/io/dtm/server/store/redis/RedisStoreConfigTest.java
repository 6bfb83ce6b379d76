package io.dtm.server.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisStoreConfigTest {
  @Test
  void neverPrintsAPassword() {
    var address = "rediss://dtm:s3cret@redis.example:6380/1";
    var topologies =
        List.of(
            new RedisTopology.Standalone(address),
            new RedisTopology.Sentinel(List.of(address), "dtm", "dtm", "s3cret"),
            new RedisTopology.Cluster(List.of(address, address)));

    for (var topology : topologies) {
      assertThat(RedisStoreConfig.defaults(topology).toString())
          .contains("rediss://***@redis.example:6380")
          .doesNotContain("s3cret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host:6379",
        "http://dtm:s3cret@host",
        "redis://",
        "redis://:s3cret@",
        "redis://dtm:s3cr et@host",
        "redis://dtm:s3cret/@host",
        "redis//dtm:s3cret@host"
      })
  void refusesWhatIsNoAddress(String address) {
    assertThatThrownBy(() -> RedisStoreConfig.standalone(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("redis://host:port")
        .hasMessageNotContaining("cret");
  }

  @Test
  void refusesValuesThatCannotBeMeant() {
    var config = RedisStoreConfig.standalone("redis://host:6379");
    var second = Duration.ofSeconds(1);

    assertThatThrownBy(() -> config.withPrefix("{a}:")).hasMessageContaining("{a}:");
    assertThatThrownBy(() -> config.withTimeouts(Duration.ZERO, second))
        .hasMessage("connectTimeout: PT0S (expected: > 0)");
    assertThatThrownBy(() -> config.withReplicas(-1, second))
        .hasMessage("replicas: -1 (expected: >= 0)");
    assertThatThrownBy(() -> config.withReplicas(1, config.commandTimeout()))
        .hasMessageContaining("expected: < commandTimeout, PT3S");
    assertThatThrownBy(() -> config.withRetention(second.negated(), second))
        .hasMessage("keepSucceeded: PT-1S (expected: >= 0)");
    assertThatThrownBy(() -> RedisStoreConfig.cluster(List.of()))
        .hasMessageContaining("expected: at least one");
    assertThatThrownBy(() -> RedisStoreConfig.sentinel(List.of("redis://host"), ""))
        .hasMessageContaining("masterName");
  }
}
