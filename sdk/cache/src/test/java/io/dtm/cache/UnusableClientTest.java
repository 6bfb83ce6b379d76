package io.dtm.cache;

import static io.dtm.cache.TestRedis.EXPIRY;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of Redis that throws instead of failing, as one does that was shut down. */
class UnusableClientTest {
  private static final Source NOTHING =
      (keys, where) -> CompletableFuture.completedFuture(Map.of());

  private record ShutDown() implements RedisConnections {
    @Override
    public RedisClusterAsyncCommands<String, byte[]> commands() {
      throw new IllegalStateException("shut down");
    }

    @Override
    public CompletableFuture<RedisClusterAsyncCommands<String, byte[]>> toBeConfirmed(String key) {
      throw new IllegalStateException("shut down");
    }

    @Override
    public void close() {}
  }

  @Test
  @Timeout(20)
  void whateverItThrowsTheCacheIsUnavailableAndNobodyIsLeftWaiting() {
    var core =
        new CacheCore(
            new ShutDown(),
            CacheSettings.defaults(),
            new Random(1),
            Waiting.real(),
            Runnable::run,
            null);

    for (var time = 0; time < 2; time++) {
      assertThatThrownBy(() -> core.fetch("key", EXPIRY, NOTHING).join())
          .hasCauseInstanceOf(CacheUnavailable.class)
          .hasMessageContaining("key: Redis cannot be asked: shut down");
      assertThatThrownBy(() -> core.tagAsDeleted(List.of("key")).join())
          .hasCauseInstanceOf(CacheUnavailable.class);
    }
    core.close();
  }

  @Test
  void anExpiryThatWouldOverflowIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Arguments.positive("expiry", ChronoUnit.FOREVER.getDuration()))
        .withMessageEndingWith("(expected: PT876000H at most)");
  }
}
