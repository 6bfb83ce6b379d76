package io.dtm.server.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.testing.databases.RedisCluster;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.api.sync.RedisHashCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Where tests find a store of their own, and look at what is in it. */
final class TestStores {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofMillis(20);

  private TestStores() {}

  static String nextPrefix() {
    return "test-%d:".formatted(COUNT.incrementAndGet());
  }

  static List<String> addresses(RedisCluster cluster) {
    return cluster.nodes().stream().map(node -> "redis://" + node).toList();
  }

  /** Asks a server directly. */
  static <T> T ask(String address, Function<RedisCommands<String, String>, T> question) {
    try (var client = RedisClient.create(address);
        var connection = client.connect()) {
      return question.apply(connection.sync());
    }
  }

  /** Has the progress of some transactions be of format 99; says how many there were. */
  static int makeUnreadable(
      RedisHashCommands<String, String> redis, String prefix, List<Gid> gids) {
    for (var gid : gids) {
      var group = SlotGroup.of(TextBytes.of(gid.value()));
      redis.hset("%s{%s}:t:%s".formatted(prefix, group.tag(), gid), "p", "c");
    }
    return gids.size();
  }

  /** Does it again and again until the store is available; says how often it was not. */
  static int untilAvailable(Runnable action) {
    long end = System.nanoTime() + RECOVERY_LIMIT.toNanos();
    for (int failures = 0; ; failures++) {
      try {
        action.run();
        return failures;
      } catch (StoreUnavailable e) {
        assertThat(System.nanoTime()).as("not available again: %s", e.getMessage()).isLessThan(end);
        LockSupport.parkNanos(STEP.toNanos());
      }
    }
  }
}
