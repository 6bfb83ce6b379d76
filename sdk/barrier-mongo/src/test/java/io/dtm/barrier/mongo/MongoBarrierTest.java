package io.dtm.barrier.mongo;

import static io.dtm.barrier.BarrierOutcome.DUPLICATE;
import static io.dtm.barrier.BarrierOutcome.NULL_COMPENSATION;
import static io.dtm.barrier.BarrierOutcome.RAN;
import static io.dtm.barrier.BarrierOutcome.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import io.dtm.barrier.Barrier;
import io.dtm.barrier.BarrierOutcome;
import io.dtm.barrier.PreparedState;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is looked for, set and told to the server, with the real driver. That a transaction of
 * MongoDB is one is not tried here: no MongoDB is to be had.
 */
class MongoBarrierTest {
  private static final int TAKEN = 11_000;

  private final SessionBackend backend = new SessionBackend();
  private final MongoServer server = new MongoServer(backend);
  private final MongoClient client = MongoClients.create(server.bindAndGetConnectionString());
  private final MongoBarrier mongo = MongoBarrier.of(client);
  private final List<String> done = new ArrayList<>();

  @BeforeEach
  void createIndex() {
    mongo.createIndex();
  }

  @AfterEach
  void close() {
    client.close();
    server.shutdownNow();
  }

  @Test
  void anActionRunsOnceHoweverOftenItIsCalled() {
    assertThat(call("saga", "action")).isEqualTo(RAN);
    assertThat(call("saga", "action")).isEqualTo(DUPLICATE);

    assertThat(done).containsExactly("action");
  }

  @ParameterizedTest
  @CsvSource({"saga, action, compensate", "tcc, try, cancel", "workflow, action, rollback"})
  void whatWasDoneIsUndoneOnce(String transType, String op, String undo) {
    call(transType, op);

    assertThat(call(transType, undo)).isEqualTo(RAN);
    assertThat(call(transType, undo)).isEqualTo(DUPLICATE);

    assertThat(done).containsExactly(op, undo);
  }

  @ParameterizedTest
  @CsvSource({"saga, action, compensate", "tcc, try, cancel", "workflow, action, rollback"})
  void whatWasUndoneBeforeItCameIsNotDoneLate(String transType, String op, String undo) {
    assertThat(call(transType, undo)).isEqualTo(NULL_COMPENSATION);
    assertThat(call(transType, undo)).isEqualTo(DUPLICATE);
    assertThat(call(transType, op)).isEqualTo(TOO_LATE);

    assertThat(done).isEmpty();
  }

  @Test
  void everyOutcomeIsCommitted() {
    call("saga", "action");
    call("saga", "action");
    call("tcc", "cancel");
    call("tcc", "try");

    assertThat(backend.commands())
        .containsExactly(
            "start: find",
            "insert",
            "commitTransaction",
            "start: find",
            "commitTransaction",
            "start: find",
            "insert",
            "find",
            "insert",
            "commitTransaction",
            "start: find",
            "commitTransaction");
  }

  @Test
  void workThatThrowsAbortsTheTransaction() {
    assertThatThrownBy(() ->
            mongo.run(
                Barrier.of("g", "saga", "01", "action"),
                session -> {
                  throw new IllegalStateException("account frozen");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("account frozen");

    assertThat(backend.commands()).containsExactly("start: find", "insert", "abortTransaction");
  }

  @Test
  void aLostRaceIsRunAgainThreeTimesInAll() {
    var tries = new ArrayList<String>();

    assertThatThrownBy(() ->
            mongo.run(
                Barrier.of("g", "saga", "01", "confirm"),
                session -> {
                  tries.add("try");
                  marks().deleteMany(new Document());
                  throw new MongoException(TAKEN, "somebody else was faster");
                }))
        .isInstanceOf(MongoException.class)
        .hasMessage("somebody else was faster");

    assertThat(tries).hasSize(3);
  }

  @Test
  void itJoinsTheTransactionOfItsCaller() {
    try (var session = client.startSession()) {
      session.startTransaction();
      var outcome =
          mongo.run(
              session,
              Barrier.of("g", "saga", "01", "action"),
              work -> assertThat(work).isSameAs(session));
      assertThat(outcome).isEqualTo(RAN);
      assertThat(backend.commands()).containsExactly("start: find", "insert");
      session.commitTransaction();
    }
  }

  @Test
  void itRefusesToRunOutsideOfATransaction() {
    try (var session = client.startSession()) {
      assertThatThrownBy(
              () -> mongo.run(session, Barrier.of("g", "saga", "01", "action"), work -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "saga g, branch 01, action: the session has no transaction (expected: one, as after"
                  + " startTransaction)");
    }
    assertThat(marks().countDocuments()).isZero();
  }

  @Test
  void theDocumentsAreThoseOfTheGoClient() {
    call("tcc", "cancel");

    assertThat(marks().find().map(MongoBarrierTest::withoutId))
        .containsExactly(mark("tcc", "01", "try", "cancel"), mark("tcc", "01", "cancel", "cancel"));
    var keys = new ArrayList<String>();
    for (var index : marks().listIndexes()) {
      keys.add(index.get("key", Document.class).toJson() + index.get("unique"));
    }
    assertThat(keys).contains("{\"gid\": 1, \"branch_id\": 1, \"op\": 1, \"barrier_id\": 1}true");
  }

  @Test
  void aMessageWhoseLocalTransactionCommittedIsDelivered() {
    mongo.run(Barrier.ofMessage("g"), session -> done.add("local"));

    assertThat(mongo.queryPrepared(Barrier.ofMessage("g"))).isEqualTo(PreparedState.COMMITTED);
    assertThat(mongo.run(Barrier.ofMessage("g"), session -> done.add("again")))
        .isEqualTo(DUPLICATE);
    assertThat(done).containsExactly("local");
  }

  @Test
  void aMessageThatWasGivenUpHasNoLocalTransactionLater() {
    assertThat(mongo.queryPrepared(Barrier.ofMessage("g"))).isEqualTo(PreparedState.ROLLED_BACK);
    assertThat(mongo.queryPrepared(Barrier.ofMessage("g"))).isEqualTo(PreparedState.ROLLED_BACK);

    assertThat(mongo.run(Barrier.ofMessage("g"), session -> done.add("local"))).isEqualTo(TOO_LATE);
    assertThat(done).isEmpty();
    assertThat(marks().find().map(MongoBarrierTest::withoutId))
        .containsExactly(mark("msg", "00", "msg", "rollback"));
  }

  private BarrierOutcome call(String transType, String op) {
    return mongo.run(Barrier.of(transType + "-g", transType, "01", op), session -> done.add(op));
  }

  private MongoCollection<Document> marks() {
    return client.getDatabase("dtm_barrier").getCollection("barrier");
  }

  private static Document withoutId(Document document) {
    document.remove("_id");
    return document;
  }

  private static Document mark(String transType, String branchId, String op, String reason) {
    return new Document("trans_type", transType)
        .append("gid", transType.equals("msg") ? "g" : transType + "-g")
        .append("branch_id", branchId)
        .append("op", op)
        .append("barrier_id", "01")
        .append("reason", reason);
  }
}
