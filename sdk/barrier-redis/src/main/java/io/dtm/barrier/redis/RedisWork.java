package io.dtm.barrier.redis;

import static java.util.Objects.requireNonNull;

/**
 * What a barrier guards in Redis: the lines of a Lua script. Immutable; make it once.
 *
 * <pre>{@code
 * static final RedisWork TAKE_SEAT =
 *     RedisWork.of(
 *         """
 *         if redis.call('SREM', KEYS[1], ARGV[1]) == 0 then
 *           return 'FAILURE'
 *         end
 *         redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
 *         """);
 * }</pre>
 */
public final class RedisWork {
  /**
   * As the Go client has it, except that it looks at the marks first: a repetition is a repetition,
   * and an undoing that finds nothing to undo is done, whatever the number is by now. The numbers
   * of Lua are exact to 53 bits and those of Redis to 64, so a sum that looked enough is looked at
   * once more.
   */
  static final RedisWork CHECK_ADJUST =
      of(
          """
          local value = redis.call('GET', KEYS[1])
          if value == false or value + ARGV[1] < 0 then
            return 'FAILURE'
          end
          if redis.call('INCRBY', KEYS[1], ARGV[1]) < 0 then
            redis.call('DECRBY', KEYS[1], ARGV[1])
            return 'FAILURE'
          end
          """);

  /** A message that has no mark gets the one that keeps its work from being done. */
  static final String QUERY_PREPARED =
      """
      local mark = redis.call('GET', KEYS[1])
      if mark == false then
        redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[1])
        mark = ARGV[2]
      end
      return mark
      """;

  private static final String BEFORE =
      """
      local mark = redis.call('GET', KEYS[1])
      if mark == 'rollback' then
        return 'TOO_LATE'
      end
      if mark ~= false then
        return 'DUPLICATE'
      end
      if ARGV[1] ~= '' and redis.call('GET', KEYS[2]) == false then
        redis.call('SET', KEYS[2], 'rollback', 'EX', ARGV[2])
        redis.call('SET', KEYS[1], 'op', 'EX', ARGV[2])
        return 'NULL_COMPENSATION'
      end
      local keys, arguments = {}, {}
      for i = 3, #KEYS do keys[i - 2] = KEYS[i] end
      for i = 3, #ARGV do arguments[i - 2] = ARGV[i] end
      local function work(KEYS, ARGV)
      """;

  private static final String AFTER =
      """
      end
      local answer = work(keys, arguments)
      if answer == 'FAILURE' then
        return 'REFUSED'
      end
      if type(answer) == 'table' and answer.err then
        return answer
      end
      redis.call('SET', KEYS[1], 'op', 'EX', ARGV[2])
      return 'RAN'
      """;

  private final String script;

  private RedisWork(String script) {
    this.script = script;
  }

  /**
   * Work of any kind. It finds its keys in {@code KEYS} and its arguments in {@code ARGV}, counted
   * from 1, and returns {@code 'FAILURE'} to refuse, before it writes anything: Redis undoes
   * nothing. Any other answer, or none, means that it is done.
   *
   * @param lua the body of a function
   */
  public static RedisWork of(String lua) {
    requireNonNull(lua, "lua");
    return new RedisWork(BEFORE + lua + "\n" + AFTER);
  }

  String script() {
    return script;
  }
}
