package io.dtm.server.store.redis;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.databases.RedisServer;
import io.dtm.testing.store.testkit.SettableClock;
import io.dtm.testing.store.testkit.TransactionBuilder;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Servers that end, stop answering, forget or refuse. */
final class RedisStoreLifeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static RedisServer server;

  private final SettableClock clock = new SettableClock();
  private final RedisStoreConfig config =
      RedisStoreConfig.standalone(server.uri())
          .withPrefix(TestStores.nextPrefix())
          .withTimeouts(SECOND, SECOND);

  @BeforeAll
  static void startServer() {
    server = RedisServer.start(List.of("--appendfsync", "always"));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  private RedisTransactionStore open() {
    return RedisTransactionStore.open(config, clock);
  }

  private static WriteOutcome create(RedisTransactionStore store, TransactionBuilder builder) {
    return store.apply(List.of(new WriteCommand.Create(builder.build()))).getFirst();
  }

  private void finish(RedisTransactionStore store, String gid, TransactionStatus status) {
    var before = store.find(new Gid(gid)).orElseThrow();
    var after = before.movedTo(status, "", clock.instant()).nextVersion(clock.instant());
    assertThat(store.apply(List.of(new WriteCommand.Update(before, after))))
        .containsExactly(new WriteOutcome.Applied());
  }

  private String key(String gid) {
    var group = SlotGroup.of(TextBytes.of(gid));
    return "%s{%s}:t:%s".formatted(config.prefix(), group.tag(), gid);
  }

  @Test
  void whatWasAcknowledgedIsThereAfterTheServerWasKilled() {
    try (var store = open()) {
      var acknowledged = new ArrayList<GlobalTransaction>();
      for (int i = 0; i < 200; i++) {
        var saga = aSaga("saga-" + i).step("debit");
        assertThat(create(store, saga)).isEqualTo(new WriteOutcome.Applied());
        acknowledged.add(saga.build());
      }

      server.kill();
      assertThatThrownBy(() -> store.find(new Gid("saga-0")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("redis://127.0.0.1:" + server.port());
      server.startAgain();

      TestStores.untilAvailable(() -> store.find(new Gid("saga-0")));
      for (var saga : acknowledged) {
        assertThat(store.find(saga.gid())).contains(saga);
      }
      // Its scripts are gone with the process.
      assertThat(create(store, aSaga("later"))).isEqualTo(new WriteOutcome.Applied());
    }
  }

  @Test
  void whileThereIsNoServerCallsFailAtOnceAndNothingIsSentLater() {
    try (var store = open()) {
      server.stop();
      assertThatThrownBy(() -> create(store, aSaga("lost"))).isInstanceOf(StoreUnavailable.class);
      long start = System.nanoTime();
      assertThatThrownBy(() -> create(store, aSaga("lost")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("not connected");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SECOND);
      server.startAgain();

      TestStores.untilAvailable(() -> create(store, aSaga("found")));

      assertThat(store.find(new Gid("lost"))).isEmpty();
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedForLongerThanTheTimeout() {
    try (var store = open()) {
      server.pause();
      long start = System.nanoTime();
      try {
        assertThatThrownBy(() -> create(store, aSaga("a")))
            .isInstanceOf(StoreUnavailable.class)
            .hasMessageContaining("no answer within PT1S; a write may have happened or not");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SECOND.multipliedBy(15));
      } finally {
        server.resume();
      }

      TestStores.untilAvailable(() -> create(store, aSaga("b")));

      assertThat(store.find(new Gid("b"))).isPresent();
    }
  }

  @Test
  void whatWasUnderWayWhenTheServerDiedIsNeverSentAgain() throws Exception {
    var patient = config.withTimeouts(SECOND, SECOND.multipliedBy(30));
    try (var store = RedisTransactionStore.open(patient, clock)) {
      server.pause();
      var failure = new AtomicReference<Throwable>();
      var caller =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failure.set(e))
              .start(() -> create(store, aSaga("under way")));
      while (caller.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }

      server.kill();
      caller.join(SECOND.multipliedBy(20));
      server.startAgain();

      assertThat(failure.get())
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("the connection broke before the answer came");
      TestStores.untilAvailable(() -> create(store, aSaga("later")));
      assertThat(store.find(new Gid("under way"))).isEmpty();
    }
  }

  @Test
  void aServerThatForgotItsScriptsIsTaughtThemAgain() {
    try (var store = open()) {
      create(store, aSaga("a"));
      TestStores.ask(server.uri(), redis -> redis.scriptFlush());

      var outcomes =
          store.apply(
              List.of(
                  new WriteCommand.Create(aSaga("a").build()),
                  new WriteCommand.Create(aSaga("b").build()),
                  new WriteCommand.Create(aSaga("c").build())));

      assertThat(outcomes)
          .containsExactly(
              new WriteOutcome.Conflict(aSaga("a").build()),
              new WriteOutcome.Applied(),
              new WriteOutcome.Applied());
    }
  }

  @Test
  void finishedTransactionsEndByThemselvesAndLeaveNothing() {
    var forgetful = config.withRetention(Duration.ofMillis(50), Duration.ofHours(1));
    try (var store = RedisTransactionStore.open(forgetful, clock)) {
      for (var gid : List.of("open", "succeeded", "failed")) {
        create(store, aSaga(gid));
      }
      finish(store, "succeeded", TransactionStatus.SUCCEEDED);
      finish(store, "failed", TransactionStatus.FAILED);

      long failedMillis = TestStores.ask(server.uri(), redis -> redis.pttl(key("failed")));
      long openMillis = TestStores.ask(server.uri(), redis -> redis.pttl(key("open")));
      assertThat(failedMillis).isBetween(3_500_000L, 3_600_000L);
      assertThat(openMillis).isEqualTo(-1);
      while (store.find(new Gid("succeeded")).isPresent()) {
        Thread.onSpinWait();
      }
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions())
          .extracting(saga -> saga.gid().value())
          .containsExactlyInAnyOrder("open", "failed");
      var later = clock.instant().plusSeconds(1);
      assertThat(store.deleteFinished(TransactionStatus.SUCCEEDED, later, 10)).isEqualTo(1);
      assertThat(store.deleteFinished(TransactionStatus.SUCCEEDED, later, 10)).isZero();
      assertThat(store.deleteFinished(TransactionStatus.FAILED, later, 10)).isEqualTo(1);
    }
    var all = TestStores.ask(server.uri(), redis -> redis.keys(config.prefix() + "*"));
    assertThat(all).allMatch(key -> key.contains("open") || !key.contains(":t:"));
    assertThat(all).hasSize(5);
  }

  @Test
  void refusesAnotherFormat() {
    open().close();
    var format = "%s{%s}:format".formatted(config.prefix(), SlotGroup.ofSettings().tag());
    TestStores.ask(server.uri(), redis -> redis.set(format, "2"));

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(format + " says format 2 (supported: 1)");
  }

  @Test
  void anUnreadableRecordStopsNobodyElse() {
    try (var store = open()) {
      var now = clock.instant();
      create(store, aSaga("damaged").dueAt(now.minusSeconds(2)));
      create(store, aSaga("whole").dueAt(now.minusSeconds(1)));
      TestStores.ask(server.uri(), redis -> redis.hset(key("damaged"), "d", "?"));

      assertThatThrownBy(() -> store.find(new Gid("damaged")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("definition of damaged: format 63 (supported: 1 to 2)");
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions())
          .extracting(saga -> saga.gid().value())
          .containsExactly("whole");
      assertThat(store.claimDue("node-1", SECOND, 10).claimed())
          .extracting(saga -> saga.gid().value())
          .containsExactly("whole");
    }
  }

  @Test
  void aKeyThatSomebodyUsesForSomethingElseStopsNobodyElse() {
    try (var store = open()) {
      var now = clock.instant();
      var other = aSaga("other").dueAt(now.minusSeconds(2)).build();
      store.apply(List.of(new WriteCommand.Create(other)));
      create(store, aSaga("whole").dueAt(now.minusSeconds(1)));
      TestStores.ask(server.uri(), redis -> redis.set(key("other"), "a text"));

      assertThatThrownBy(() -> store.find(new Gid("other")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("hash of other: incomplete");
      assertThat(
              store.apply(
                  List.of(
                      new WriteCommand.Create(aSaga("other").build()),
                      new WriteCommand.Update(other, other.nextVersion(now)),
                      new WriteCommand.Create(aSaga("bystander").build()))))
          .containsExactly(
              new WriteOutcome.Unreadable("hash of other: incomplete"),
              new WriteOutcome.Unreadable("hash of other: incomplete"),
              new WriteOutcome.Applied());
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions())
          .extracting(saga -> saga.gid().value())
          .containsExactlyInAnyOrder("bystander", "whole");
      assertThat(store.claimDue("node-1", SECOND, 10).claimed())
          .extracting(saga -> saga.gid().value())
          .containsExactly("whole");
    }
  }

  @Test
  void anUnfinishedTransactionThatIsGoneIsForgotten() {
    try (var store = open()) {
      create(store, aSaga("gone").dueAt(clock.instant()));
      TestStores.ask(server.uri(), redis -> redis.del(key("gone")));

      var due = store.claimDue("node-1", SECOND, 10);

      assertThat(due.claimed()).isEmpty();
      assertThat(due.nextDueAt()).isNull();
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions()).isEmpty();
    }
  }

  @Test
  void theClockIsThatOfTheServer() {
    try (var store = RedisTransactionStore.open(config)) {
      var before = time();
      var now = store.clock().instant();
      var after = time();

      assertThat(now).isBetween(before.minusMillis(100), after.plusMillis(100));
    }
  }

  private static Instant time() {
    var time = TestStores.ask(server.uri(), redis -> redis.time());
    return Instant.ofEpochSecond(
        Long.parseLong(time.get(0)), TimeUnit.MICROSECONDS.toNanos(Long.parseLong(time.get(1))));
  }

  @Test
  void anUnknownHostIsSaidInWords() {
    var patient = Duration.ofSeconds(30);
    var config =
        RedisStoreConfig.standalone("redis://nowhere.invalid:9").withTimeouts(patient, patient);

    assertThatThrownBy(() -> RedisTransactionStore.open(config))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("a host is not known on this machine")
        .hasMessageContaining("nowhere.invalid");
  }

  @Test
  void saysWhichServerCannotBeReached() {
    var nobody = RedisStoreConfig.standalone("redis://dtm:s3cret@127.0.0.1:9");

    assertThatThrownBy(() -> RedisTransactionStore.open(nobody))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("redis://***@127.0.0.1:9: cannot connect")
        .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("s3cret"));
  }

  @Test
  void anOrdinaryUserWithTheRightKeysIsEnough() {
    TestStores.ask(
        server.uri(),
        redis ->
            redis.dispatch(
                CommandType.ACL,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8)
                    .add("SETUSER")
                    .add("dtm")
                    .add("on")
                    .add(">s3cret")
                    .add("~" + config.prefix() + "*")
                    .add("+@all")
                    .add("-@admin")
                    .add("-@dangerous")));
    var at = "@127.0.0.1:" + server.port();
    var granted = RedisStoreConfig.standalone("redis://dtm:s3cret" + at);

    try (var store = RedisTransactionStore.open(granted.withPrefix(config.prefix()), clock)) {
      assertThat(create(store, aSaga("a"))).isEqualTo(new WriteOutcome.Applied());
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions()).hasSize(1);
    }
    assertThatThrownBy(() -> RedisTransactionStore.open(granted.withPrefix("other:"), clock))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("the user may not do that");
    assertThatThrownBy(
            () -> RedisTransactionStore.open(RedisStoreConfig.standalone("redis://dtm:wr0ng" + at)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("WRONGPASS")
        .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("wr0ng"));
  }

  @Test
  void afterClosingCallsAreRefused() {
    var store = open();
    store.close();

    assertThatThrownBy(() -> store.find(new Gid("a"))).isInstanceOf(StoreUnavailable.class);
  }
}
