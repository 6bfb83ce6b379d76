package io.dtm.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of a cache, one for each key, with the fields {@code value}, {@code lockUntil} (in
 * seconds since 1970) and {@code lockOwner}. Whatever goes wrong is {@link CacheUnavailable}, in
 * the future. Thread-safe.
 */
final class Redis implements AutoCloseable {
  /** When a lock ends that is for an update: a time that no loader's lock comes near. */
  private static final byte[] FOR_UPDATE = number(10_000_000_000L);

  /** How long an abandoned lock without a value stays; a loader may take that long. */
  private static final byte[] ABANDONED_SECONDS = number(Duration.ofHours(1).toSeconds());

  private static final byte[] LOCKED = "LOCKED".getBytes(UTF_8);

  private final RedisConnections connections;
  private final CacheSettings settings;
  private final Availability availability;

  Redis(RedisConnections connections, CacheSettings settings, Availability availability) {
    this.connections = connections;
    this.settings = settings;
    this.availability = availability;
  }

  /** Reads and changes nothing: a plain command, which is all that a hit costs. */
  CompletableFuture<Reading> peek(String key) {
    return asked(key, () -> connections.commands().hmget(key, "value", "lockUntil"))
        .thenApply(fields -> {
          var lock = fields.get(1).hasValue() ? Reading.Lock.OTHER : Reading.Lock.NONE;
          return new Reading(valueOf(fields.get(0)), lock);
        });
  }

  private static byte @Nullable [] valueOf(KeyValue<String, byte[]> field) {
    return field.hasValue() ? field.getValue() : null;
  }

  /** Takes the right to load the key, when it is to be had. */
  CompletableFuture<Reading> claim(String key, String owner) {
    var seconds = number(settings.lockExpiry().toSeconds());
    CompletableFuture<List<byte @Nullable []>> reply =
        run(Script.CLAIM, ScriptOutputType.MULTI, key, text(owner), seconds, ABANDONED_SECONDS);
    return reply.thenApply(pair -> {
      var state = pair.get(1);
      if (state == null) {
        return new Reading(pair.get(0), Reading.Lock.NONE);
      }
      var isMine = Arrays.equals(state, LOCKED);
      return new Reading(pair.get(0), isMine ? Reading.Lock.MINE : Reading.Lock.OTHER);
    });
  }

  /**
   * Keeps what was loaded. Whether the lock was lost meanwhile makes no difference to the caller.
   */
  CompletableFuture<?> store(String key, String owner, byte[] value, Duration expiry) {
    return changed(Script.STORE, key, text(owner), value, millis(expiry));
  }

  CompletableFuture<?> forget(String key, String owner) {
    return changed(Script.FORGET, key, text(owner));
  }

  CompletableFuture<?> release(String key, String owner) {
    return changed(Script.RELEASE, key, text(owner), millis(settings.lockExpiry()));
  }

  /** Completes when enough replicas have it, too. */
  CompletableFuture<?> tag(String key) {
    var wait = settings.replicaWait();
    var delay = millis(settings.delay());
    if (wait.count() == 0) {
      return changed(Script.TAG, key, delay);
    }
    return toBeConfirmed(key)
        .thenCompose(own ->
            run(own, Script.TAG, ScriptOutputType.INTEGER, key, delay)
                .thenCompose(tagged -> confirmed(key, own, wait.count(), wait.timeout())));
  }

  private CompletableFuture<RedisClusterAsyncCommands<String, byte[]>> toBeConfirmed(String key) {
    CompletableFuture<RedisClusterAsyncCommands<String, byte[]>> connection;
    try {
      connection = connections.toBeConfirmed(key);
    } catch (RuntimeException e) {
      connection = CompletableFuture.failedFuture(e);
    }
    return connection.exceptionallyCompose(failure ->
        CompletableFuture.failedFuture(
            failed(key, settings.commandTimeout(), Failures.cause(failure))));
  }

  private CompletableFuture<Long> confirmed(
      String key, RedisClusterAsyncCommands<String, byte[]> own, int count, Duration timeout) {
    var limit = timeout.plus(settings.commandTimeout());
    return asked(key, limit, () -> own.waitForReplication(count, timeout.toMillis()))
        .thenApply(replicas -> {
          if (replicas < count) {
            throw new CacheUnavailable(
                "%s: tagged as deleted, but %d replicas have that (expected: %d within %s)"
                    .formatted(key, replicas, count, timeout),
                null);
          }
          return replicas;
        });
  }

  CompletableFuture<LockResult> lock(String key, String owner) {
    CompletableFuture<List<byte[]>> reply =
        run(
            Script.LOCK,
            ScriptOutputType.MULTI,
            key,
            text(owner),
            FOR_UPDATE,
            millis(settings.updateMax()));
    return reply.thenApply(
        pair -> new LockResult(Arrays.equals(pair.get(0), LOCKED), new String(pair.get(1), UTF_8)));
  }

  CompletableFuture<Boolean> unlock(String key, String owner) {
    return changed(
            Script.UNLOCK,
            key,
            text(owner),
            FOR_UPDATE,
            millis(settings.lockExpiry()),
            millis(settings.delay()))
        .thenApply(mine -> mine == 1);
  }

  CompletableFuture<?> put(String key, byte[] value, Duration expiry) {
    return changed(Script.PUT, key, value, millis(expiry));
  }

  private CompletableFuture<Long> changed(Script script, String key, byte[]... arguments) {
    return run(script, ScriptOutputType.INTEGER, key, arguments);
  }

  private <T> CompletableFuture<T> run(
      Script script, ScriptOutputType type, String key, byte[]... arguments) {
    RedisClusterAsyncCommands<String, byte[]> commands;
    try {
      commands = connections.commands();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(failed(key, settings.commandTimeout(), e));
    }
    return run(commands, script, type, key, arguments);
  }

  private <T> CompletableFuture<T> run(
      RedisClusterAsyncCommands<String, byte[]> commands,
      Script script,
      ScriptOutputType type,
      String key,
      byte[]... arguments) {
    var keys = new String[] {key};
    return this.<T>asked(key, () -> commands.evalsha(script.digest(), type, keys, arguments))
        .exceptionallyCompose(failure ->
            Failures.cause(failure).getCause() instanceof RedisNoScriptException
                ? asked(key, () -> commands.eval(script.text(), type, keys, arguments))
                : CompletableFuture.failedFuture(failure));
  }

  private <T> CompletableFuture<T> asked(String key, Supplier<RedisFuture<T>> command) {
    return asked(key, settings.commandTimeout(), command);
  }

  private <T> CompletableFuture<T> asked(
      String key, Duration limit, Supplier<RedisFuture<T>> command) {
    CompletableFuture<T> answer;
    try {
      // A command that is done, if only because its time was up, is not sent any more.
      answer = command.get().toCompletableFuture().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RuntimeException e) {
      // Of a client that was shut down, for one: a fetch that threw would leave others waiting.
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.handle((reply, failure) -> {
      if (failure == null) {
        availability.answered();
        return reply;
      }
      throw failed(key, limit, Failures.cause(failure));
    });
  }

  private CacheUnavailable failed(String key, Duration limit, Throwable cause) {
    if (cause instanceof RedisCommandExecutionException) {
      availability.answered();
      return new CacheUnavailable("%s: Redis says: %s".formatted(key, cause.getMessage()), cause);
    }
    availability.failed();
    return new CacheUnavailable(
        cause instanceof TimeoutException
            ? "%s: no answer from Redis within %s".formatted(key, limit)
            : "%s: Redis cannot be asked: %s".formatted(key, cause.getMessage()),
        cause);
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] number(long number) {
    return text(Long.toString(number));
  }

  private static byte[] millis(Duration duration) {
    return number(Math.max(1, duration.toMillis()));
  }

  @Override
  public void close() {
    connections.close();
  }
}
