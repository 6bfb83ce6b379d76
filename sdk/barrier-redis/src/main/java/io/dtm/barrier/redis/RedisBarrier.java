package io.dtm.barrier.redis;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.Barrier;
import io.dtm.barrier.BarrierMark;
import io.dtm.barrier.PreparedState;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisScriptingCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Guards calls whose work is done in Redis. Each costs one round trip. Thread-safe, as the
 * connection is; the {@link Barrier} is for one request.
 *
 * <p>Marks expire. They must outlive the transaction: what comes later is taken for new.
 *
 * <p>In a cluster all keys of a call must lie in one slot, and the marks' begin with the gid: give
 * the transaction a gid such as {@code {account-7}-…} and the data keys with {@code {account-7}}.
 */
public final class RedisBarrier {
  /** How long marks are kept with {@link #of(RedisScriptingCommands)}. */
  public static final Duration EXPIRY_DEFAULT = Duration.ofDays(7);

  private static final String GIVEN_UP = "rollback";

  private final RedisScriptingCommands<String, String> redis;
  private final Duration expiry;

  private RedisBarrier(RedisScriptingCommands<String, String> redis, Duration expiry) {
    this.redis = redis;
    this.expiry = expiry;
  }

  /** Over a connection to a server or to a cluster, with marks that last a week. */
  public static RedisBarrier of(RedisScriptingCommands<String, String> redis) {
    return of(redis, EXPIRY_DEFAULT);
  }

  /**
   * Over a connection to a server or to a cluster.
   *
   * @param expiry of the marks, a second at least
   */
  public static RedisBarrier of(RedisScriptingCommands<String, String> redis, Duration expiry) {
    requireNonNull(redis, "redis");
    requireNonNull(expiry, "expiry");
    if (expiry.toSeconds() < 1) {
      throw new IllegalArgumentException("expiry: %s (expected: 1 s at least)".formatted(expiry));
    }
    return new RedisBarrier(redis, expiry);
  }

  /**
   * Adds an amount to a number that must not become negative.
   *
   * @param key of a number that is there; {@code REFUSED} when it is not
   * @param amount less than zero to take away
   */
  public RedisOutcome checkAdjust(Barrier barrier, String key, long amount) {
    return run(barrier, RedisWork.CHECK_ADJUST, List.of(key), List.of(Long.toString(amount)));
  }

  /**
   * Does the work, unless it was done or undone before.
   *
   * @param keys of the data, as {@code KEYS} in the work
   * @param arguments as {@code ARGV} in the work
   * @throws io.lettuce.core.RedisCommandExecutionException when the work fails. Redis does not undo
   *     what it had written by then, and sets no marks, so it runs again when the call is repeated
   */
  public RedisOutcome run(
      Barrier barrier, RedisWork work, List<String> keys, List<String> arguments) {
    var marks = barrier.nextMarks();
    var ownKey = key(marks.own());
    var allKeys = new ArrayList<String>();
    allKeys.add(ownKey);
    allKeys.add(marks.undone().map(RedisBarrier::key).orElse(ownKey));
    allKeys.addAll(keys);
    var allArguments = new ArrayList<String>();
    allArguments.add(marks.undone().map(BarrierMark::op).orElse(""));
    allArguments.add(seconds());
    allArguments.addAll(arguments);
    return RedisOutcome.valueOf(eval(work.script(), allKeys, allArguments));
  }

  /**
   * What became of the local work of this message: the answer to a check-back. What was not done
   * before is not done after it.
   */
  public PreparedState queryPrepared(Barrier barrier) {
    var message = Barrier.ofMessage(barrier.gid()).nextMarks().own();
    var standing =
        eval(RedisWork.QUERY_PREPARED, List.of(key(message)), List.of(seconds(), GIVEN_UP));
    return standing.equals(GIVEN_UP) ? PreparedState.ROLLED_BACK : PreparedState.COMMITTED;
  }

  /** By its digest, which the server knows after the first time. */
  private String eval(String script, List<String> keys, List<String> arguments) {
    var keyArray = keys.toArray(String[]::new);
    var argumentArray = arguments.toArray(String[]::new);
    try {
      return redis.evalsha(redis.digest(script), ScriptOutputType.VALUE, keyArray, argumentArray);
    } catch (RedisNoScriptException unknown) {
      return redis.eval(script, ScriptOutputType.VALUE, keyArray, argumentArray);
    }
  }

  private static String key(BarrierMark mark) {
    return String.join("-", mark.gid(), mark.branchId(), mark.op(), mark.barrierId());
  }

  private String seconds() {
    return Long.toString(expiry.toSeconds());
  }
}
