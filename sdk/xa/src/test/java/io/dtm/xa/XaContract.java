package io.dtm.xa;

import static io.dtm.xa.XaOutcome.COMMITTED;
import static io.dtm.xa.XaOutcome.DUPLICATE;
import static io.dtm.xa.XaOutcome.PREPARED;
import static io.dtm.xa.XaOutcome.ROLLED_BACK;
import static io.dtm.xa.XaOutcome.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.BarrierWork;
import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.AccountDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import javax.sql.XADataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a participant of XA transactions promises on every database. */
abstract class XaContract {
  private static final int SESSIONS = 3;
  private static final Duration LET_GO_WITHIN = Duration.ofSeconds(60);
  private static final Duration BETWEEN = Duration.ofMillis(10);
  private static final int CONCURRENT = 50;
  private static final XaBranch BRANCH = new XaBranch("g", "01");

  private final AccountDatabase database;
  private final SqlDialect dialect;
  private final Runnable registration = this::register;
  private final XaConnections sessions;
  private final XaParticipant participant;
  private volatile int registrations;

  XaContract(AccountDatabase database, SqlDialect dialect, XADataSource dataSource) {
    this.database = database;
    this.dialect = dialect;
    this.sessions = XaConnections.of(dataSource, SESSIONS, Duration.ofMillis(200));
    this.participant = XaParticipant.of(sessions, BarrierTable.of(dialect));
  }

  /** What the Go client executes, one statement after the other, to take 7 from the account. */
  abstract String[] prepareAsGo(String xid);

  abstract String rollBackAsGo(String xid);

  @BeforeEach
  void layOut() throws SQLException {
    database.layOut(dialect.createScript());
  }

  private synchronized void register() {
    registrations++;
  }

  /** A prepared branch would lock the account for all tests that follow. */
  @AfterEach
  void endEverything() throws SQLException {
    sessions.close();
    var words = XaDialect.of(dialect);
    try (var connection = database.open()) {
      for (var left = prepared(words, connection); !left.isEmpty(); ) {
        for (var xid : left) {
          words.rollback(connection, xid);
        }
        left = prepared(words, connection);
      }
    }
  }

  private static List<String> prepared(XaDialect words, Connection connection) throws SQLException {
    return words.prepared(connection, 100);
  }

  @Test
  void whatIsPreparedTakesEffectWhenItIsCommitted() throws SQLException {
    assertThat(prepare(-30)).isEqualTo(PREPARED);
    assertThat(change()).isZero();
    assertThat(registrations).isOne();

    assertThat(participant.commit(BRANCH)).isEqualTo(COMMITTED);
    assertThat(participant.commit(BRANCH)).isEqualTo(DUPLICATE);

    assertThat(change()).isEqualTo(-30);
    assertThat(marks()).containsExactly("xa g 01 action 01 action");
  }

  @Test
  void whatIsPreparedIsGoneWhenItIsRolledBack() throws SQLException {
    assertThat(prepare(-30)).isEqualTo(PREPARED);

    assertThat(participant.rollback(BRANCH)).isEqualTo(ROLLED_BACK);
    assertThat(participant.rollback(BRANCH)).isEqualTo(DUPLICATE);

    assertThat(change()).isZero();
    assertThat(marks()).containsExactly("xa g 01 action 01 rollback");
  }

  @Test
  void anActionThatComesAfterItsRollbackDoesNothing() throws SQLException {
    assertThat(participant.rollback(BRANCH)).isEqualTo(ROLLED_BACK);

    assertThat(prepare(-30)).isEqualTo(TOO_LATE);

    assertThat(registrations).isZero();
    assertThat(participant.prepared(10)).isEmpty();
    assertThat(change()).isZero();
  }

  @Test
  void anActionThatIsRepeatedIsPreparedOnce() throws SQLException {
    assertThat(prepare(-30)).isEqualTo(PREPARED);
    assertThat(prepare(-30)).isEqualTo(DUPLICATE);
    assertThat(participant.commit(BRANCH)).isEqualTo(COMMITTED);
    assertThat(prepare(-30)).isEqualTo(DUPLICATE);

    assertThat(change()).isEqualTo(-30);
    assertThat(registrations).isOne();
  }

  /** A duplicate that began before the other was prepared may wait for the end of the branch. */
  @Test
  @Timeout(60)
  void fiftyDuplicatesAtOncePrepareOnceAndCommitOnce() throws Exception {
    Callable<XaOutcome> commit = () -> untilAnswered(() -> participant.commit(BRANCH));
    var threads = Executors.newFixedThreadPool(CONCURRENT);
    try {
      var actions = new ArrayList<Future<XaOutcome>>();
      for (var call = 0; call < CONCURRENT; call++) {
        actions.add(threads.submit(() -> untilAnswered(() -> prepare(-30))));
      }
      while (!untilAnswered(() -> participant.prepared(1)).contains(BRANCH)) {
        assertThat(actions).isNotEmpty();
      }
      var committed = atOnce(Collections.nCopies(CONCURRENT, commit));
      var prepared = new ArrayList<XaOutcome>();
      for (var action : actions) {
        prepared.add(action.get());
      }

      assertThat(prepared).containsOnlyOnce(PREPARED).filteredOn(DUPLICATE::equals).hasSize(49);
      assertThat(committed).containsOnlyOnce(COMMITTED).filteredOn(DUPLICATE::equals).hasSize(49);
    } finally {
      threads.shutdownNow();
    }
    assertThat(change()).isEqualTo(-30);
    assertThat(registrations).isOne();
  }

  @Test
  @Timeout(60)
  void actionsAndRollbacksAtOnceLeaveNothingBehind() throws Exception {
    var calls = new ArrayList<Callable<XaOutcome>>();
    for (var pair = 0; pair < CONCURRENT / 2; pair++) {
      calls.add(() -> untilAnswered(() -> prepare(-30)));
      calls.add(() -> untilAnswered(() -> participant.rollback(BRANCH)));
    }

    var outcomes = atOnce(calls);

    assertThat(outcomes).filteredOn(ROLLED_BACK::equals).hasSize(1);
    assertThat(participant.prepared(10)).isEmpty();
    assertThat(change()).isZero();
  }

  /** Asked again, as the manager would: a branch may be busy, and sessions are few. */
  private static <T> T untilAnswered(Callable<T> call) throws Exception {
    while (true) {
      try {
        return call.call();
      } catch (XaBranchBusy | SQLException busy) {
        assertThat(busy).hasMessageNotContaining("syntax");
      }
    }
  }

  private static <T> List<T> atOnce(List<? extends Callable<T>> calls) throws Exception {
    var threads = Executors.newFixedThreadPool(calls.size());
    try {
      var results = new ArrayList<T>();
      for (var result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void workThatThrowsLeavesNothingPreparedAndGivesItsSessionBack() throws SQLException {
    for (var tries = 0; tries < 2 * SESSIONS; tries++) {
      assertThatThrownBy(() ->
              participant.prepare(
                  BRANCH,
                  connection -> {
                    add(connection, -30);
                    throw new IllegalStateException("account frozen");
                  },
                  registration))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("account frozen");
    }

    assertThat(registrations).isZero();
    assertThat(participant.prepared(10)).isEmpty();
    assertThat(change()).isZero();
    assertThat(marks()).isEmpty();
  }

  @Test
  void aBranchThatCannotBeRegisteredIsNotPrepared() throws SQLException {
    Runnable refused =
        () -> {
          throw new IllegalStateException("no such transaction");
        };

    assertThatThrownBy(
            () -> participant.prepare(BRANCH, connection -> add(connection, -30), refused))
        .hasMessage("no such transaction");

    assertThat(participant.prepared(10)).isEmpty();
    assertThat(change()).isZero();
  }

  @Test
  void theWorkCannotEndItsTransaction() throws SQLException {
    assertThatThrownBy(() -> participant.prepare(BRANCH, Connection::commit, registration))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("commit inside of an XA branch (expected: the transaction manager ends it)");
    assertThatThrownBy(() ->
            participant.prepare(BRANCH, connection -> connection.setAutoCommit(true), registration))
        .hasMessageStartingWith("setAutoCommit inside of an XA branch");
    assertThat(participant.prepared(10)).isEmpty();
  }

  @Test
  void manyBranchesShareAFewSessions() throws SQLException {
    for (var branch = 10; branch < 10 + 4 * SESSIONS; branch++) {
      var one = new XaBranch("g", Integer.toString(branch));
      assertThat(participant.prepare(one, connection -> add(connection, -1), registration))
          .isEqualTo(PREPARED);
      assertThat(participant.commit(one)).isEqualTo(COMMITTED);
    }

    assertThat(change()).isEqualTo(-4 * SESSIONS);
  }

  @Test
  void aCallThatFindsNoSessionIsToldSo() throws SQLException {
    try (var first = sessions.take();
        var second = sessions.take();
        var third = sessions.take()) {
      assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
      assertThatThrownBy(() -> participant.commit(BRANCH))
          .isInstanceOf(SQLTransientConnectionException.class)
          .hasMessage("XA sessions: none became free within PT0.2S");
    }
  }

  @Test
  void bothPhasesMayHaveOneUrl() throws SQLException {
    BarrierWork<SQLException> work = connection -> add(connection, -30);

    assertThat(participant.handle(call("action"), work, registration)).isEqualTo(PREPARED);
    assertThat(participant.handle(call("commit"), work, registration)).isEqualTo(COMMITTED);
    assertThat(participant.handle(call("rollback"), work, registration)).isEqualTo(DUPLICATE);
    assertThatThrownBy(() -> participant.handle(call("try"), work, registration))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("op: 'try' (expected: action, commit or rollback)");
    assertThat(change()).isEqualTo(-30);
  }

  @Test
  void theGoClientFindsWhatWePrepared() throws SQLException {
    prepare(-30);

    database.execute(rollBackAsGo("g-01"));

    assertThat(participant.prepared(10)).isEmpty();
    assertThat(change()).isZero();
  }

  @Test
  void weEndWhatTheGoClientPrepared() throws SQLException {
    try (var connection = database.open()) {
      AccountDatabase.execute(connection, prepareAsGo("g-01"));
    }

    assertThat(untilLetGo(() -> participant.commit(BRANCH))).isEqualTo(COMMITTED);

    assertThat(change()).isEqualTo(-7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"it's \\ 'g'", "Bestellung-Ü", "订单-1", "😀"})
  void aNameIsJustAName(String gid) throws SQLException {
    var branch = new XaBranch(gid, "01");

    assertThat(participant.prepare(branch, connection -> add(connection, -30), registration))
        .isEqualTo(PREPARED);
    assertThat(participant.prepared(10)).containsExactly(branch);
    assertThat(participant.commit(branch)).isEqualTo(COMMITTED);

    assertThat(change()).isEqualTo(-30);
  }

  @Test
  void aNameThatTheDatabaseDoesNotKeepIsRefused() {
    var branch = new XaBranch("ä".repeat(100), "01");

    assertThatThrownBy(() -> participant.prepare(branch, connection -> {}, registration))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("203 bytes (expected: ");
  }

  @Test
  void aSweepEndsOrphansAsTheirTransactionsEnded() throws SQLException {
    var states = new HashMap<String, GlobalStates.State>();
    var sweeper =
        new XaSweeper(
            participant,
            gid -> {
              if (gid.equals("unreachable")) {
                throw new IllegalStateException("manager away");
              }
              return states.getOrDefault(gid, GlobalStates.State.UNKNOWN);
            });
    states.put("succeeded", GlobalStates.State.SUCCEEDED);
    states.put("failed", GlobalStates.State.FAILED);
    states.put("open", GlobalStates.State.UNFINISHED);
    for (var gid : List.of("succeeded", "failed", "open", "strange", "unreachable")) {
      participant.prepare(new XaBranch(gid, "01"), note(gid), registration);
    }
    try (var connection = database.open()) {
      AccountDatabase.execute(connection, prepareAsGo("of-another-kind"));
    }

    var report = sweeper.sweep();

    assertThat(report.committed()).containsExactly(new XaBranch("succeeded", "01"));
    assertThat(report.rolledBack()).containsExactly(new XaBranch("failed", "01"));
    assertThat(report.unfinished()).containsExactly(new XaBranch("open", "01"));
    assertThat(report.unknown()).containsExactly(new XaBranch("strange", "01"));
    assertThat(report.unclear())
        .singleElement()
        .satisfies(unclear -> {
          assertThat(unclear.branch()).isEqualTo(new XaBranch("unreachable", "01"));
          assertThat(unclear.cause()).hasMessage("manager away");
        });
    assertThat(database.query("SELECT gid FROM dtm_barrier.barrier WHERE reason = 'note'"))
        .containsExactly("succeeded");
    try (var connection = database.open()) {
      assertThat(prepared(XaDialect.of(dialect), connection))
          .containsExactlyInAnyOrder("open-01", "strange-01", "unreachable-01", "of-another-kind");
    }
  }

  /** Work that locks nothing which another branch needs. */
  private static BarrierWork<SQLException> note(String gid) {
    return connection -> {
      try (var statement =
          connection.prepareStatement(
              "INSERT INTO dtm_barrier.barrier (gid, op, reason) VALUES (?, 'note', 'note')")) {
        statement.setString(1, gid);
        statement.executeUpdate();
      }
    };
  }

  interface Ending {
    XaOutcome end() throws SQLException;
  }

  /** Asked again, as the manager would: a closed session lets go a moment later. */
  static XaOutcome untilLetGo(Ending ending) throws SQLException {
    var deadline = Instant.now().plus(LET_GO_WITHIN);
    while (true) {
      try {
        return ending.end();
      } catch (XaBranchBusy busy) {
        assertThat(busy).hasMessageContaining("in use by another session");
        assertThat(Instant.now()).as("let go by").isBefore(deadline);
        LockSupport.parkNanos(BETWEEN.toNanos());
      }
    }
  }

  private XaOutcome prepare(long amount) throws SQLException {
    return participant.prepare(BRANCH, connection -> add(connection, amount), registration);
  }

  private static Map<String, String> call(String op) {
    return Map.of("gid", "g", "branch_id", "01", "op", op, "trans_type", "xa");
  }

  private static void add(Connection connection, long amount) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "UPDATE account SET balance = balance + ? WHERE name = 'alice'")) {
      statement.setLong(1, amount);
      assertThat(statement.executeUpdate()).isOne();
    }
  }

  /** What everybody sees who does not wait for locks. */
  private long change() throws SQLException {
    return database.change();
  }

  private List<String> marks() throws SQLException {
    return database.query(
        "SELECT CONCAT(trans_type, ' ', gid, ' ', branch_id, ' ', op, ' ', barrier_id, ' ', reason)"
            + " FROM dtm_barrier.barrier ORDER BY gid");
  }
}
