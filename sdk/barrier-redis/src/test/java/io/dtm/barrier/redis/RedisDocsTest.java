package io.dtm.barrier.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.barrier.Barrier;
import io.dtm.testing.databases.RedisServer;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the documents are the code that runs here. */
class RedisDocsTest {
  private static final Path DOCS = Path.of("..", "..", "docs", "java");
  private static final Path SOURCE =
      Path.of("src/test/java/io/dtm/barrier/redis/RedisDocsTest.java");

  @Test
  void theExamplesDoWhatTheySay() {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");
    try (var server = RedisServer.start()) {
      var client = RedisClient.create(server.uri());
      try (var connection = client.connect()) {
        connection.sync().set("stock-umbrella", "1");
        // docs: redis
        var redis = RedisBarrier.of(connection.sync());
        var outcome = redis.checkAdjust(Barrier.from(query), "stock-umbrella", -1);
        // docs: end
        // docs: redis-script
        var takeSeat =
            RedisWork.of(
                """
                if redis.call('SREM', KEYS[1], ARGV[1]) == 0 then
                  return 'FAILURE'
                end
                redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
                """);
        // docs: end

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

  @ParameterizedTest
  @ValueSource(strings = {"redis", "redis-script"})
  void theExamplesInTheDocumentsAreThoseThatRun(String name) throws IOException {
    var example = "```java\n" + example(name) + "```\n";

    assertThat(Files.readString(DOCS.resolve("barrier.md"))).contains(example);
    assertThat(Files.readString(DOCS.resolve("barrier-cn.md"))).contains(example);
  }

  private static String example(String name) throws IOException {
    var source = Files.readString(SOURCE);
    var begin = "// docs: " + name + "\n";
    var from = source.indexOf(begin) + begin.length();
    var end = source.lastIndexOf('\n', source.indexOf("// docs: " + "end", from));
    return source.substring(from, end).stripIndent() + "\n";
  }
}
