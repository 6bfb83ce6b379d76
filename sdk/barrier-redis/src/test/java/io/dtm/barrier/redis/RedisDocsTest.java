package io.dtm.barrier.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.barrier.Barrier;
import io.dtm.testing.databases.RedisServer;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/java/barrier.md} for Redis. */
class RedisDocsTest {
  @Test
  void theExamplesDoWhatTheySay() {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");
    try (var server = RedisServer.start()) {
      var client = RedisClient.create(server.uri());
      try (var connection = client.connect()) {
        connection.sync().set("stock-umbrella", "1");
        // page: begin
        var redis = RedisBarrier.of(connection.sync());
        var outcome = redis.checkAdjust(Barrier.from(query), "stock-umbrella", -1);
        // page: end
        // page: begin
        var takeSeat =
            RedisWork.of(
                """
                if redis.call('SREM', KEYS[1], ARGV[1]) == 0 then
                  return 'FAILURE'
                end
                redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
                """);
        // page: end

        assertThat(outcome).isEqualTo(RedisOutcome.RAN);
        assertThat(connection.sync().get("stock-umbrella")).isEqualTo("0");
        var barrier = Barrier.of("h", "saga", "01", "action");
        assertThat(redis.run(barrier, takeSeat, List.of("free", "taken"), List.of("7A", "bob")))
            .isEqualTo(RedisOutcome.REFUSED);
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
      }
    }
  }
}
