package io.dtm.cache;

import io.dtm.testing.databases.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One real Redis for the tests of this room; the end of the JVM closes it. */
final class TestRedis {
  static final Duration EXPIRY = Duration.ofMinutes(10);

  private static final RedisServer SERVER = RedisServer.start();
  private static final RedisClient CLIENT = RedisClient.create(SERVER.uri());
  private static final RedisCommands<String, String> COMMANDS = CLIENT.connect().sync();
  private static final Duration AWAIT_LIMIT = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofMillis(2);
  private static final AtomicInteger KEYS = new AtomicInteger();

  private TestRedis() {}

  static RedisServer server() {
    return SERVER;
  }

  static RedisClient client() {
    return CLIENT;
  }

  static RedisCommands<String, String> commands() {
    return COMMANDS;
  }

  static CacheBuilder cache() {
    return ConsistentCache.builder(CLIENT);
  }

  /** A key that no other test has. */
  static String newKey() {
    return "key-" + KEYS.incrementAndGet();
  }

  static void await(BooleanSupplier condition) {
    var end = System.nanoTime() + AWAIT_LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not so within " + AWAIT_LIMIT);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
