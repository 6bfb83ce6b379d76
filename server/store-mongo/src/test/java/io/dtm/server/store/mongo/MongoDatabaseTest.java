package io.dtm.server.store.mongo;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.Micros;
import io.dtm.testing.store.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people and the server itself see in the database. */
final class MongoDatabaseTest {
  private final TestServer server = TestServer.start();
  private final SettableClock clock = new SettableClock();

  @AfterEach
  void stop() {
    server.close();
  }

  private MongoTransactionStore open() {
    return open(server.config());
  }

  private MongoTransactionStore open(MongoStoreConfig config) {
    return MongoTransactionStore.open(config, clock);
  }

  private static GlobalTransaction create(MongoTransactionStore store, GlobalTransaction saga) {
    assertThat(store.apply(List.of(new WriteCommand.Create(saga))))
        .containsExactly(new WriteOutcome.Applied());
    return saga;
  }

  private GlobalTransaction finish(
      MongoTransactionStore store, GlobalTransaction before, TransactionStatus status) {
    var now = clock.instant();
    var after = before.movedTo(status, "", now).nextVersion(now);
    assertThat(store.apply(List.of(new WriteCommand.Update(before, after))))
        .containsExactly(new WriteOutcome.Applied());
    return after;
  }

  private Document document(String gid) {
    var found = server.collection("dtm_transactions").find(new Document("_id", gid)).first();
    assertThat(found).as(gid).isNotNull();
    return found;
  }

  @Test
  void thereIsAnIndexForEverythingThatIsLookedFor() {
    open().close();

    var keys = new ArrayList<String>();
    for (var index : server.collection("dtm_transactions").listIndexes()) {
      keys.add(index.get("key", Document.class).toJson());
      if (index.get("key", Document.class).containsKey("expiresAt")) {
        assertThat(((Number) index.get("expireAfterSeconds")).longValue()).isZero();
      }
    }
    assertThat(keys)
        .containsExactlyInAnyOrder(
            "{\"_id\": 1}",
            "{\"dueAt\": 1}",
            "{\"status\": 1, \"finishedAt\": 1}",
            "{\"status\": 1, \"createdAt\": -1, \"_id\": -1}",
            "{\"createdAt\": -1, \"_id\": -1}",
            "{\"expiresAt\": 1}");
  }

  @Test
  void manyNodesMayOpenItAtTheSameTime() throws Exception {
    var tasks = new ArrayList<Callable<Void>>();
    for (int i = 0; i < 8; i++) {
      var gid = "saga-" + i;
      tasks.add(() -> {
        try (var store = open()) {
          create(store, aSaga(gid).build());
        }
        return null;
      });
    }
    try (var executor = Executors.newFixedThreadPool(8)) {
      for (var done : executor.invokeAll(tasks)) {
        done.get();
      }
    }

    try (var store = open()) {
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions()).hasSize(8);
    }
  }

  @Test
  void aDatabaseWithAnotherLayoutIsRefused() {
    open().close();
    server
        .collection("dtm_meta")
        .updateOne(new Document("_id", "layout"), new Document("$set", new Document("version", 7)));

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage(
            "%s: dtm_meta says layout version 7 (supported: 1)"
                .formatted(server.config().describe()));
  }

  @Test
  void anOperatorCanReadWhereATransactionStands() {
    try (var store = open()) {
      create(store, aSaga("a").step("debit").dueAt(clock.instant()).build());
      store.claimDue("node-1", Duration.ofSeconds(30), 1);

      var document = document("a");

      assertThat(document)
          .containsEntry("status", "submitted")
          .containsEntry("mode", "saga")
          .containsEntry("version", 2L)
          .containsEntry("createdAt", Micros.floor(SettableClock.START))
          .containsEntry("claimedBy", "node-1")
          .containsEntry("dueAt", Micros.ceiling(clock.instant().plusSeconds(30)))
          .doesNotContainKeys("finishedAt", "expiresAt");
    }
  }

  @Test
  void whatIsFinishedHasAnEndAndAnExpiryAndIsNoLongerDue() {
    var config = server.config().withRetention(Duration.ofDays(1), Duration.ofDays(30));
    try (var store = open(config)) {
      var claimed = aSaga("succeeded").claimedBy("node-1", clock.instant().plusSeconds(9)).build();
      finish(store, create(store, claimed), TransactionStatus.SUCCEEDED);
      finish(store, create(store, aSaga("failed").build()), TransactionStatus.FAILED);
      create(
          store,
          aSaga("born finished")
              .finished(TransactionStatus.FAILED, clock.instant().minusSeconds(5))
              .build());

      assertThat(document("succeeded"))
          .containsEntry("status", "succeeded")
          .containsEntry("finishedAt", Micros.floor(SettableClock.START))
          .containsEntry("expiresAt", expiry(Duration.ofDays(1)))
          .doesNotContainKeys("dueAt", "claimedBy");
      assertThat(document("failed"))
          .containsEntry("status", "failed")
          .containsEntry("expiresAt", expiry(Duration.ofDays(30)));
      assertThat(document("born finished"))
          .containsEntry("expiresAt", expiry(Duration.ofDays(30).minusSeconds(5)));
    }
  }

  /** Never before its time: a BSON date has milliseconds only. */
  private static Date expiry(Duration retention) {
    return Date.from(Instant.parse("2026-01-01T00:00:00.124Z").plus(retention));
  }

  @Test
  void withoutARetentionNothingExpires() {
    try (var store = open()) {
      finish(store, create(store, aSaga("a").build()), TransactionStatus.SUCCEEDED);

      assertThat(document("a")).containsKey("finishedAt").doesNotContainKey("expiresAt");
    }
  }

  @Test
  void whatIsAppendedIsPutBehindWhatIsThere() {
    try (var store = open()) {
      var first = create(store, aSaga("a").step("debit").build());
      var before = document("a");
      var more = aSaga("a").step("debit", "late").build().branches();
      var second = first.withAppended(more.subList(2, more.size())).nextVersion(clock.instant());
      store.apply(List.of(new WriteCommand.Update(first, second)));

      var after = document("a");

      assertThat(after.get("definition")).isEqualTo(before.get("definition"));
      assertThat(after.getList("appended", Binary.class)).hasSize(1);
    }
  }

  @Test
  void aDocumentRemembersItsLastEightWritersOnly() {
    try (var store = open()) {
      var saga = create(store, aSaga("a").build());
      for (int i = 0; i < 12; i++) {
        var next = saga.nextVersion(clock.instant());
        store.apply(List.of(new WriteCommand.Update(saga, next)));
        saga = next;
      }

      assertThat(document("a").getList("writers", Object.class)).hasSize(8);
    }
  }

  @Test
  void oneUnreadableDocumentStopsNeitherClaimsNorListings() {
    try (var store = open()) {
      for (var gid : List.of("a", "b", "c")) {
        create(store, aSaga(gid).dueAt(clock.instant()).build());
      }
      damage("b");
      server
          .collection("dtm_transactions")
          .insertOne(new Document("_id", 42).append("dueAt", 1L).append("createdAt", 1L));

      var due = store.claimDue("node-1", Duration.ofSeconds(30), 10);

      assertThat(due.claimed())
          .extracting(t -> t.gid().value())
          .containsExactlyInAnyOrder("a", "c");
      assertThat(due.nextDueAt()).isEqualTo(clock.instant().plusSeconds(30));
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions()).hasSize(2);
      assertThatThrownBy(() -> store.find(new Gid("b")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("progress of b: format 99 (supported: 1 to 2)");
    }
  }

  private void damage(String gid) {
    server
        .collection("dtm_transactions")
        .updateOne(
            new Document("_id", gid),
            new Document("$set", new Document("progress", new Binary(new byte[] {99}))));
  }

  @Test
  void theClockIsTheServers() {
    try (var store = MongoTransactionStore.open(server.config())) {
      assertThat(Duration.between(store.clock().instant(), Instant.now()).abs())
          .isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void aSettingIsReadable() {
    try (var store = open()) {
      store.putEntry("topics", "orders", "[]", 0);

      var document = server.collection("dtm_settings").find().first();

      assertThat(document)
          .containsEntry("_id", new Document("category", "topics").append("key", "orders"))
          .containsEntry("value", "[]")
          .containsEntry("version", 1L)
          .containsEntry("createdAt", "2026-01-01T00:00:00.123456Z");
    }
  }

  /** JSON can express it, UTF-8 cannot; drivers put a question mark there, the same for all. */
  @Test
  void halfASurrogatePairIsKept() {
    try (var store = open()) {
      var names = List.of("a\ud800", "a\ud801", "\udc00", "a?", "a\ufffd", "\ud83d\ude80\ud83d");
      for (var name : names) {
        assertThat(store.putEntry(name, name, name + "\u0001", 0)).isTrue();
      }

      for (var name : names) {
        assertThat(store.findEntry(name, name).orElseThrow().value()).isEqualTo(name + "\u0001");
        assertThat(store.listEntries(name, "", 2).entries()).hasSize(1);
      }
      assertThat(store.listEntries("", "", 9).entries())
          .extracting(Entry::key)
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }
}
