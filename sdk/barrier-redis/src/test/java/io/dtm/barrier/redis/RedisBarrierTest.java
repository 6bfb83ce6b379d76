package io.dtm.barrier.redis;

import static io.dtm.barrier.redis.RedisOutcome.DUPLICATE;
import static io.dtm.barrier.redis.RedisOutcome.NULL_COMPENSATION;
import static io.dtm.barrier.redis.RedisOutcome.RAN;
import static io.dtm.barrier.redis.RedisOutcome.REFUSED;
import static io.dtm.barrier.redis.RedisOutcome.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.barrier.Barrier;
import io.dtm.barrier.PreparedState;
import io.dtm.testing.databases.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a real Redis. */
class RedisBarrierTest {
  private static final String ALICE = "account-alice";
  private static final RedisServer SERVER = RedisServer.start();
  private static final RedisClient CLIENT = RedisClient.create(SERVER.uri());
  private static final StatefulRedisConnection<String, String> CONNECTION = CLIENT.connect();

  private final RedisBarrier redis = RedisBarrier.of(CONNECTION.sync(), Duration.ofMinutes(10));

  @BeforeEach
  void openAccount() {
    CONNECTION.sync().flushall();
    CONNECTION.sync().set(ALICE, "100");
  }

  @AfterAll
  static void close() {
    CONNECTION.close();
    CLIENT.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    SERVER.close();
  }

  @Test
  void anActionRunsOnceHoweverOftenItIsCalled() {
    assertThat(call("action", -30)).isEqualTo(RAN);
    assertThat(call("action", -30)).isEqualTo(DUPLICATE);

    assertThat(balance()).isEqualTo("70");
  }

  @ParameterizedTest
  @CsvSource({"action, compensate", "try, cancel", "action, rollback"})
  void whatWasDoneIsUndoneOnce(String op, String undo) {
    call(op, -30);

    assertThat(call(undo, 30)).isEqualTo(RAN);
    assertThat(call(undo, 30)).isEqualTo(DUPLICATE);

    assertThat(balance()).isEqualTo("100");
  }

  @ParameterizedTest
  @CsvSource({"action, compensate", "try, cancel", "action, rollback"})
  void whatWasUndoneBeforeItCameIsNotDoneLate(String op, String undo) {
    assertThat(call(undo, 30)).isEqualTo(NULL_COMPENSATION);
    assertThat(call(undo, 30)).isEqualTo(DUPLICATE);
    assertThat(call(op, -30)).isEqualTo(TOO_LATE);

    assertThat(balance()).isEqualTo("100");
  }

  @Test
  void whatTheBalanceDoesNotCoverIsRefusedAndLeavesNoMark() {
    assertThat(call("action", -101)).isEqualTo(REFUSED);
    assertThat(CONNECTION.sync().keys("g-*")).isEmpty();

    assertThat(call("compensate", 101)).isEqualTo(NULL_COMPENSATION);
    assertThat(balance()).isEqualTo("100");
  }

  @Test
  void anAccountThatIsNotThereIsRefusedAndItsCompensationComesToAnEnd() {
    var action = Barrier.of("g", "saga", "01", "action");
    var compensation = Barrier.of("g", "saga", "01", "compensate");

    assertThat(redis.checkAdjust(action, "account-nobody", -30)).isEqualTo(REFUSED);
    assertThat(redis.checkAdjust(compensation, "account-nobody", 30)).isEqualTo(NULL_COMPENSATION);
  }

  @Test
  void aRepetitionIsNoRefusalAlthoughTheMoneyIsGoneByNow() {
    call("action", -100);

    assertThat(call("action", -100)).isEqualTo(DUPLICATE);
  }

  @Test
  void theMarksAreThoseOfTheGoClientAndExpire() {
    call("cancel", 30);
    call("confirm", 0);

    var commands = CONNECTION.sync();
    assertThat(commands.get("g-01-cancel-01")).isEqualTo("op");
    assertThat(commands.get("g-01-try-01")).isEqualTo("rollback");
    assertThat(commands.get("g-01-confirm-01")).isEqualTo("op");
    for (var key : commands.keys("g-*")) {
      assertThat(commands.ttl(key)).as(key).isBetween(590L, 600L);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', action, RAN, 70",
    "action, compensate, RAN, 100",
    "'', compensate, NULL_COMPENSATION, 100"
  })
  void fiftyDuplicatesAtOnceTakeEffectOnce(
      String before, String op, RedisOutcome expected, String balance) throws Exception {
    if (!before.isEmpty()) {
      call(before, -30);
    }
    var amount = op.equals("action") ? -30 : 30;

    var outcomes = atOnce(Collections.nCopies(50, () -> call(op, amount)));

    assertThat(outcomes).containsOnlyOnce(expected).filteredOn(DUPLICATE::equals).hasSize(49);
    assertThat(balance()).isEqualTo(balance);
  }

  @Test
  void actionsAndCompensationsAtOnceLeaveNothingBehind() throws Exception {
    var calls = new ArrayList<Callable<RedisOutcome>>();
    for (var pair = 0; pair < 25; pair++) {
      calls.add(() -> call("action", -30));
      calls.add(() -> call("compensate", 30));
    }

    var outcomes = atOnce(calls);

    assertThat(balance()).isEqualTo("100");
    assertThat(outcomes.contains(RAN)).isNotEqualTo(outcomes.contains(NULL_COMPENSATION));
  }

  private static List<RedisOutcome> atOnce(List<Callable<RedisOutcome>> calls) throws Exception {
    var threads = Executors.newFixedThreadPool(calls.size());
    var outcomes = new ArrayList<RedisOutcome>();
    try {
      for (var outcome : threads.invokeAll(calls)) {
        outcomes.add(outcome.get());
      }
    } finally {
      threads.shutdownNow();
    }
    return outcomes;
  }

  @Test
  void aCallIsOneCommand() {
    call("action", -1);
    CONNECTION.sync().configResetstat();

    call("compensate", 1);
    call("compensate", 1);

    assertThat(CONNECTION.sync().info("commandstats"))
        .contains("cmdstat_evalsha:calls=2,")
        .doesNotContain("cmdstat_eval:", "cmdstat_script");
  }

  /** 2^53, from which on the numbers of Lua have gaps. */
  @Test
  void aNumberBeyondThoseOfLuaDoesNotBecomeNegative() {
    CONNECTION.sync().set(ALICE, "9007199254740992");

    assertThat(call("action", -9007199254740993L)).isEqualTo(REFUSED);
    assertThat(balance()).isEqualTo("9007199254740992");
    assertThat(CONNECTION.sync().keys("g-*")).isEmpty();
    assertThat(call("action", -9007199254740992L)).isEqualTo(RAN);
    assertThat(balance()).isEqualTo("0");
  }

  @Test
  void aMessageWhoseLocalWorkWasDoneIsDelivered() {
    assertThat(redis.checkAdjust(Barrier.ofMessage("g"), ALICE, -30)).isEqualTo(RAN);

    assertThat(redis.queryPrepared(Barrier.ofMessage("g"))).isEqualTo(PreparedState.COMMITTED);
    assertThat(redis.checkAdjust(Barrier.ofMessage("g"), ALICE, -30)).isEqualTo(DUPLICATE);
    assertThat(balance()).isEqualTo("70");
  }

  @Test
  void aMessageThatWasGivenUpHasNoLocalWorkLater() {
    assertThat(redis.queryPrepared(Barrier.ofMessage("g"))).isEqualTo(PreparedState.ROLLED_BACK);
    assertThat(redis.queryPrepared(Barrier.ofMessage("g"))).isEqualTo(PreparedState.ROLLED_BACK);

    assertThat(redis.checkAdjust(Barrier.ofMessage("g"), ALICE, -30)).isEqualTo(TOO_LATE);
    assertThat(CONNECTION.sync().get("g-00-msg-01")).isEqualTo("rollback");
    assertThat(balance()).isEqualTo("100");
  }

  @Test
  void anyScriptIsGuarded() {
    var takeSeat =
        RedisWork.of(
            """
            if redis.call('SREM', KEYS[1], ARGV[1]) == 0 then
              return 'FAILURE'
            end
            redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
            """);
    CONNECTION.sync().sadd("free", "7A");
    var keys = List.of("free", "taken");
    var arguments = List.of("7A", "alice");

    assertThat(redis.run(Barrier.of("g", "saga", "01", "action"), takeSeat, keys, arguments))
        .isEqualTo(RAN);
    assertThat(redis.run(Barrier.of("g", "saga", "01", "action"), takeSeat, keys, arguments))
        .isEqualTo(DUPLICATE);
    assertThat(redis.run(Barrier.of("h", "saga", "01", "action"), takeSeat, keys, arguments))
        .isEqualTo(REFUSED);
    assertThat(CONNECTION.sync().hget("taken", "7A")).isEqualTo("alice");
  }

  @Test
  void aScriptThatFailsLeavesNoMark() {
    var wrong = RedisWork.of("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    var barrier = Barrier.of("g", "saga", "01", "action");

    assertThatThrownBy(() -> redis.run(barrier, wrong, List.of(ALICE), List.of("thirty")))
        .isInstanceOf(RedisCommandExecutionException.class);
    assertThat(CONNECTION.sync().keys("g-*")).isEmpty();
  }

  @Test
  void twoGuardedCallsOfOneRequestAreToldApartByTheirOrder() {
    for (var tries = 0; tries < 2; tries++) {
      var barrier = Barrier.of("g", "saga", "01", "action");
      redis.checkAdjust(barrier, ALICE, -1);
      redis.checkAdjust(barrier, ALICE, -2);
    }

    assertThat(balance()).isEqualTo("97");
  }

  @Test
  void aServerThatForgotItsScriptsIsToldThemAgain() {
    call("action", -1);
    CONNECTION.sync().scriptFlush();

    assertThat(redis.checkAdjust(Barrier.of("h", "saga", "01", "action"), ALICE, -1))
        .isEqualTo(RAN);
  }

  private RedisOutcome call(String op, long amount) {
    return redis.checkAdjust(Barrier.of("g", "saga", "01", op), ALICE, amount);
  }

  private String balance() {
    return CONNECTION.sync().get(ALICE);
  }
}
