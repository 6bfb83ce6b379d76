package io.dtm.server.store.jdbc;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.SettableClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator holds rows in a session that stays open. */
final class LockedRowTest {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  /** Of a store whose statements wait for a lock for a fifth of it. */
  private static final Duration PATIENT_TIMEOUT = Duration.ofSeconds(100);

  private final SettableClock clock = new SettableClock();

  private JdbcTransactionStore open(String url) {
    return open(url, REQUEST_TIMEOUT);
  }

  private JdbcTransactionStore open(String url, Duration requestTimeout) {
    return JdbcTransactionStore.open(
        TestDatabase.config(url).withTimeouts(Duration.ofSeconds(3), requestTimeout), clock);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aRowThatSomebodyLocksHoldsUpNoOtherOfItsBatch(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url)) {
      var sagas = create(store, 5);
      long before = System.nanoTime();

      try (var operator = operatorLocking(url, "gid = 'saga-2'")) {
        var outcomes = store.apply(updates(sagas));

        assertThat(outcomes).hasSize(5);
        assertThat(outcomes.get(2)).isInstanceOf(WriteOutcome.Locked.class);
        assertThat(((WriteOutcome.Locked) outcomes.get(2)).why())
            .contains("saga-2", "nothing was written");
        assertThat(written(outcomes)).isEqualTo(4);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(REQUEST_TIMEOUT);
        operator.rollback();
      }
      assertThat(versions(store, 5)).containsExactly(2L, 2L, 1L, 2L, 2L);
    }
  }

  /** Waiting for each of them would take 30 s. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void manyLockedRowsAreWaitedForOnce(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url)) {
      var sagas = create(store, 31);
      long before = System.nanoTime();

      try (var operator = operatorLocking(url, "gid <> 'saga-30'")) {
        var outcomes = store.apply(updates(sagas));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(REQUEST_TIMEOUT);
        assertThat(outcomes.getLast()).isEqualTo(new WriteOutcome.Applied());
        assertThat(outcomes.subList(0, 30))
            .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(WriteOutcome.Locked.class));
        operator.rollback();
      }
      assertThat(store.apply(updates(sagas.subList(0, 30))))
          .containsOnly(new WriteOutcome.Applied());
    }
  }

  /** Each outcome besides a locked row is told as ever, and a second write sees the first. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void theOthersAreToldWhatTheyWouldBeToldWithoutIt(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url)) {
      var sagas = create(store, 3);
      var once = changed(sagas.get(1));
      var taken = aSaga("saga-2").step("another").build();
      var missing = aSaga("missing").build();
      var created = aSaga("new").build();

      try (var operator = operatorLocking(url, "gid = 'saga-0'")) {
        var outcomes =
            store.apply(
                List.of(
                    new WriteCommand.Update(sagas.get(0), changed(sagas.get(0))),
                    new WriteCommand.Update(sagas.get(1), once),
                    new WriteCommand.Update(once, changed(once)),
                    new WriteCommand.Update(sagas.get(1), once),
                    new WriteCommand.Create(taken),
                    new WriteCommand.Update(missing, changed(missing)),
                    new WriteCommand.Create(created)));

        assertThat(outcomes.getFirst()).isInstanceOf(WriteOutcome.Locked.class);
        assertThat(outcomes.subList(1, 7))
            .containsExactly(
                new WriteOutcome.Applied(),
                new WriteOutcome.Applied(),
                new WriteOutcome.Conflict(changed(once)),
                new WriteOutcome.Conflict(sagas.get(2)),
                new WriteOutcome.Missing(),
                new WriteOutcome.Applied());
        operator.rollback();
      }
    }
  }

  /** It would lose its race however long it waited. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aLockedRowOfAnotherVersionIsAConflict(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url)) {
      var saga = create(store, 1).getFirst();
      var newer = changed(saga);
      store.apply(List.of(new WriteCommand.Update(saga, newer)));

      try (var operator = operatorLocking(url, "gid = 'saga-0'")) {
        assertThat(store.apply(List.of(new WriteCommand.Update(saga, newer))))
            .containsExactly(new WriteOutcome.Conflict(newer));
        operator.rollback();
      }
    }
  }

  /** A gid that somebody else is about to insert: nobody knows yet whether it is taken. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void anInsertThatSomebodyHasNotCommittedHoldsUpNoOther(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url);
        var operator = DriverManager.getConnection(url)) {
      operator.setAutoCommit(false);
      try (var statement = operator.createStatement()) {
        statement.execute(
            "INSERT INTO dtm_transaction (gid, mode, status, version, phase, claimed, created_at,"
                + " next_at, definition, appended, progress)"
                + " VALUES ('saga-0', 'saga', 'submitted', 1, 0, 0, 0, 0, '', '', '')");
      }

      var outcomes =
          store.apply(
              List.of(
                  new WriteCommand.Create(aSaga("saga-0").build()),
                  new WriteCommand.Create(aSaga("saga-1").build())));

      assertThat(outcomes.getFirst()).isInstanceOf(WriteOutcome.Locked.class);
      assertThat(outcomes.getLast()).isEqualTo(new WriteOutcome.Applied());
      operator.rollback();
    }
  }

  /** MariaDB: nothing can be inserted into the range, and each insert would wait for itself. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void anOperatorWhoLocksARangeHoldsUpABatchForLessThanARequestMayTake(TestDatabase kind)
      throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url);
        var operator = DriverManager.getConnection(url)) {
      var sagas = create(store, 5);
      operator.setAutoCommit(false);
      lock(operator, "dtm_transaction", "gid > ''");
      var batch = new ArrayList<>(updates(sagas));
      IntStream.range(5, 40)
          .mapToObj(i -> new WriteCommand.Create(aSaga("saga-" + i).build()))
          .forEach(batch::add);
      long before = System.nanoTime();

      var outcomes = store.apply(batch);

      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(REQUEST_TIMEOUT);
      assertThat(outcomes.subList(0, 5))
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(WriteOutcome.Locked.class));
      operator.rollback();
      assertThat(written(outcomes)).isEqualTo(count(url) - 5);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aFinishedRowThatSomebodyLocksIsNotWaitedForByRetention(TestDatabase kind)
      throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url, PATIENT_TIMEOUT)) {
      var ended = clock.instant();
      for (int i = 0; i < 3; i++) {
        store.apply(
            List.of(
                new WriteCommand.Create(
                    aSaga("saga-" + i).finished(TransactionStatus.SUCCEEDED, ended).build())));
      }
      long before = System.nanoTime();

      try (var operator = operatorLocking(url, "gid = 'saga-1'")) {
        int deleted = store.deleteFinished(TransactionStatus.SUCCEEDED, ended.plusSeconds(1), 10);

        assertThat(Duration.ofNanos(System.nanoTime() - before))
            .isLessThan(PATIENT_TIMEOUT.dividedBy(5));
        assertThat(deleted).isEqualTo(2);
        operator.rollback();
      }
      assertThat(store.find(new Gid("saga-1"))).isPresent();
      assertThat(store.deleteFinished(TransactionStatus.SUCCEEDED, ended.plusSeconds(1), 10))
          .isEqualTo(1);
    }
  }

  private static long written(List<WriteOutcome> outcomes) {
    return outcomes.stream().filter(WriteOutcome.Applied.class::isInstance).count();
  }

  private static long count(String url) throws SQLException {
    return Long.parseLong(
        TestDatabase.query(url, "SELECT COUNT(*) FROM dtm_transaction").getFirst());
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aSettingThatSomebodyLocksIsUnavailable(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = open(url);
        var operator = DriverManager.getConnection(url)) {
      store.putEntry("topics", "orders", "a", 0);
      operator.setAutoCommit(false);
      lock(operator, "dtm_setting", "version = 1");

      assertThatThrownBy(() -> store.putEntry("topics", "orders", "b", 1))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("locked by somebody else; nothing was written: ")
          .cause()
          .extracting(cause -> ((SQLException) cause).getSQLState())
          .isEqualTo(kind == TestDatabase.MARIADB ? "HY000" : "55P03");
      operator.rollback();
    }
  }

  private static Connection operatorLocking(String url, String condition) throws SQLException {
    var operator = DriverManager.getConnection(url);
    operator.setAutoCommit(false);
    // Or MariaDB would lock the gaps around them as well, and all that a scan looks at.
    operator.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    lock(operator, "dtm_transaction", condition);
    return operator;
  }

  private static void lock(Connection operator, String table, String condition)
      throws SQLException {
    var sql = "SELECT * FROM %s WHERE %s FOR UPDATE".formatted(table, condition);
    try (var statement = operator.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
    }
  }

  private static List<GlobalTransaction> create(TransactionStore store, int count) {
    var sagas =
        IntStream.range(0, count).mapToObj(i -> aSaga("saga-" + i).step("debit").build()).toList();
    store.apply(sagas.stream().<WriteCommand>map(WriteCommand.Create::new).toList());
    return sagas;
  }

  private static List<WriteCommand> updates(List<GlobalTransaction> sagas) {
    var updates = new ArrayList<WriteCommand>();
    sagas.forEach(saga -> updates.add(new WriteCommand.Update(saga, changed(saga))));
    return updates;
  }

  private static GlobalTransaction changed(GlobalTransaction saga) {
    var at = saga.progress().updatedAt().plusSeconds(1);
    return saga.withSchedule(saga.schedule().due(at)).nextVersion(at);
  }

  private static List<Long> versions(TransactionStore store, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> store.find(new Gid("saga-" + i)).orElseThrow().version())
        .toList();
  }
}
