package io.dtm.barrier;

import static io.dtm.barrier.BarrierOutcome.DUPLICATE;
import static io.dtm.barrier.BarrierOutcome.NULL_COMPENSATION;
import static io.dtm.barrier.BarrierOutcome.RAN;
import static io.dtm.barrier.BarrierOutcome.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.testing.databases.AccountDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a barrier promises on every database: each effect exactly once. */
abstract class BarrierContract {
  private static final int CONCURRENT = 50;

  final AccountDatabase database;
  final CountedDataSource dataSource;
  private final SqlDialect dialect;

  BarrierContract(AccountDatabase database, SqlDialect dialect) {
    this.database = database;
    this.dialect = dialect;
    this.dataSource = new CountedDataSource(database);
  }

  @BeforeEach
  void layOut() throws SQLException {
    database.layOut(dialect.createScript());
  }

  @Test
  void anActionRunsOnceHoweverOftenItIsCalled() throws SQLException {
    assertThat(call("saga", "action", -30)).isEqualTo(RAN);
    assertThat(call("saga", "action", -30)).isEqualTo(DUPLICATE);
    assertThat(call("saga", "action", -30)).isEqualTo(DUPLICATE);

    assertThat(change()).isEqualTo(-30);
  }

  @Test
  void branchesAndTransactionsAreToldApart() throws SQLException {
    assertThat(run(Barrier.of("g1", "saga", "01", "action"), -1)).isEqualTo(RAN);
    assertThat(run(Barrier.of("g1", "saga", "02", "action"), -1)).isEqualTo(RAN);
    assertThat(run(Barrier.of("g2", "saga", "01", "action"), -1)).isEqualTo(RAN);
    assertThat(run(Barrier.of("G2", "saga", "01", "action"), -1)).isEqualTo(RAN);
    assertThat(run(Barrier.of("订单-2", "saga", "01", "action"), -1)).isEqualTo(RAN);
    assertThat(run(Barrier.of("订草-2", "saga", "01", "action"), -1)).isEqualTo(RAN);

    assertThat(change()).isEqualTo(-6);
  }

  @ParameterizedTest
  @CsvSource({"saga, action, compensate", "tcc, try, cancel", "workflow, action, rollback"})
  void whatWasDoneIsUndoneOnce(String transType, String op, String undo) throws SQLException {
    call(transType, op, -30);

    assertThat(call(transType, undo, 30)).isEqualTo(RAN);
    assertThat(call(transType, undo, 30)).isEqualTo(DUPLICATE);

    assertThat(change()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"saga, action, compensate", "tcc, try, cancel", "workflow, action, rollback"})
  void whatWasUndoneBeforeItCameIsNotDoneLate(String transType, String op, String undo)
      throws SQLException {
    assertThat(call(transType, undo, 30)).isEqualTo(NULL_COMPENSATION);
    assertThat(call(transType, undo, 30)).isEqualTo(DUPLICATE);

    assertThat(call(transType, op, -30)).isEqualTo(TOO_LATE);
    assertThat(call(transType, op, -30)).isEqualTo(TOO_LATE);

    assertThat(change()).isZero();
  }

  @Test
  void aConfirmationRunsOnceAndUndoesNothing() throws SQLException {
    call("tcc", "try", 0);

    assertThat(call("tcc", "confirm", -30)).isEqualTo(RAN);
    assertThat(call("tcc", "confirm", -30)).isEqualTo(DUPLICATE);

    assertThat(change()).isEqualTo(-30);
  }

  @Test
  void workThatThrowsLeavesNoTraceAndMayBeCalledAgain() throws SQLException {
    assertThatThrownBy(() ->
            Barrier.of("g", "saga", "01", "action")
                .run(
                    dataSource,
                    connection -> {
                      add(connection, -30);
                      throw new IllegalStateException("account frozen");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("account frozen");
    assertThat(change()).isZero();
    assertThat(rows()).isEmpty();

    assertThat(call("saga", "action", -30)).isEqualTo(RAN);
    assertThat(change()).isEqualTo(-30);
  }

  @Test
  void itJoinsTheTransactionOfItsCaller() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      var barrier = Barrier.of("g", "saga", "01", "action");

      assertThat(barrier.run(connection, work -> add(work, -30))).isEqualTo(RAN);
      connection.rollback();
      assertThat(change()).isZero();
      assertThat(rows()).isEmpty();

      var again = Barrier.of("g", "saga", "01", "action");
      assertThat(again.run(connection, work -> add(work, -30))).isEqualTo(RAN);
      connection.commit();
      assertThat(change()).isEqualTo(-30);
    }
  }

  @Test
  void itRefusesToRunOutsideOfATransaction() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      var barrier = Barrier.of("g", "saga", "01", "action");

      assertThatThrownBy(() -> barrier.run(connection, work -> add(work, -30)))
          .isInstanceOf(OutsideTransaction.class)
          .hasMessage(
              "saga g, branch 01, action: the connection commits each statement by itself"
                  + " (expected: a transaction, as after setAutoCommit(false) or inside"
                  + " @Transactional)");
    }
    assertThat(change()).isZero();
    assertThat(rows()).isEmpty();
  }

  @Test
  void twoGuardedCallsOfOneRequestAreToldApartByTheirOrder() throws SQLException {
    for (var tries = 0; tries < 2; tries++) {
      var barrier = Barrier.of("g", "saga", "01", "action");
      barrier.run(dataSource, connection -> add(connection, -1));
      barrier.run(dataSource, connection -> add(connection, -2));
    }

    assertThat(change()).isEqualTo(-3);
    assertThat(rows()).containsExactly("saga g 01 action 01 action", "saga g 01 action 02 action");
  }

  @Test
  void theRowsAreThoseOfTheGoClient() throws SQLException {
    call("tcc", "cancel", 30);

    assertThat(rows()).containsExactly("tcc g 01 cancel 01 cancel", "tcc g 01 try 01 cancel");
  }

  @Test
  void fiftyDuplicatesAtOnceTakeEffectOnce() throws Exception {
    var outcomes = atOnce(Collections.nCopies(CONCURRENT, () -> call("saga", "action", -30)));

    assertThat(outcomes).containsOnlyOnce(RAN).filteredOn(DUPLICATE::equals).hasSize(49);
    assertThat(change()).isEqualTo(-30);
  }

  @ParameterizedTest
  @CsvSource({
    "'', compensate, NULL_COMPENSATION",
    "action, compensate, RAN",
    "compensate, action, TOO_LATE"
  })
  void fiftyDuplicatesAtOnceAreAsOneOfThem(String before, String op, BarrierOutcome expected)
      throws Exception {
    if (!before.isEmpty()) {
      call("saga", before, -30);
    }
    Callable<BarrierOutcome> call = () -> untilAnswered(op, 30);

    var outcomes = atOnce(Collections.nCopies(CONCURRENT, call));

    if (expected == TOO_LATE) {
      assertThat(outcomes).containsOnly(TOO_LATE);
    } else {
      assertThat(outcomes).containsOnlyOnce(expected).filteredOn(DUPLICATE::equals).hasSize(49);
    }
    assertThat(change()).isZero();
  }

  /** A database may end one of several that wait for each other; the manager calls it again. */
  @Test
  void actionsAndCompensationsAtOnceLeaveNothingBehind() throws Exception {
    var calls = new ArrayList<Callable<BarrierOutcome>>();
    for (var pair = 0; pair < CONCURRENT / 2; pair++) {
      calls.add(() -> untilAnswered("action", -30));
      calls.add(() -> untilAnswered("compensate", 30));
    }

    var outcomes = atOnce(calls);

    assertThat(change()).isZero();
    assertThat(outcomes.stream().filter(RAN::equals).count()).isIn(0L, 2L);
    assertThat(outcomes.contains(RAN)).isNotEqualTo(outcomes.contains(NULL_COMPENSATION));
  }

  @Test
  void aMessageWhoseLocalTransactionCommittedIsDelivered() throws SQLException {
    var message = Barrier.ofMessage("g");
    assertThat(run(message, -30)).isEqualTo(RAN);

    assertThat(message.queryPrepared(dataSource)).isEqualTo(PreparedState.COMMITTED);
    assertThat(run(Barrier.ofMessage("g"), -30)).isEqualTo(DUPLICATE);
    assertThat(change()).isEqualTo(-30);
    assertThat(rows()).containsExactly("msg g 00 msg 01 msg");
  }

  @Test
  void aMessageThatWasGivenUpHasNoLocalTransactionLater() throws SQLException {
    var checkBack = Barrier.of("g", "msg", "00", "msg");
    assertThat(checkBack.queryPrepared(dataSource)).isEqualTo(PreparedState.ROLLED_BACK);
    assertThat(checkBack.queryPrepared(dataSource)).isEqualTo(PreparedState.ROLLED_BACK);

    assertThat(run(Barrier.ofMessage("g"), -30)).isEqualTo(TOO_LATE);
    assertThat(change()).isZero();
    assertThat(rows()).containsExactly("msg g 00 msg 01 rollback");
  }

  @Test
  void aSenderMayRecordItsMessageAndDoItsWorkItself() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      assertThat(Barrier.recordMessage(connection, "g")).isTrue();
      add(connection, -30);
      connection.commit();
      assertThat(Barrier.recordMessage(connection, "g")).isFalse();
      connection.rollback();
    }
    assertThat(Barrier.ofMessage("g").queryPrepared(dataSource)).isEqualTo(PreparedState.COMMITTED);
    assertThat(change()).isEqualTo(-30);
  }

  @Test
  void aTableOfAnotherNameIsUsedForEverything() throws SQLException {
    database.execute("DROP TABLE IF EXISTS guard");
    database.execute(createGuard());
    var table = new BarrierTable(dialect, "guard");

    assertThat(run(Barrier.ofMessage("g").on(table), -30)).isEqualTo(RAN);
    assertThat(Barrier.ofMessage("g").on(table).queryPrepared(dataSource))
        .isEqualTo(PreparedState.COMMITTED);
    assertThat(rows()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "action, RAN, 1",
    "action, DUPLICATE, 2",
    "compensate, RAN, 2",
    "compensate, NULL_COMPENSATION, 2",
    "compensate, DUPLICATE, 2",
    "action, TOO_LATE, 2"
  })
  void aBranchCostsTwoStatementsAtMost(String op, BarrierOutcome expected, int statements)
      throws SQLException {
    var isUndo = op.equals("compensate");
    switch (expected) {
      case RAN -> {
        if (isUndo) {
          call("saga", "action", 0);
        }
      }
      case DUPLICATE -> call("saga", op, 0);
      case TOO_LATE -> call("saga", "compensate", 0);
      case NULL_COMPENSATION -> assertThat(isUndo).isTrue();
    }
    var before = dataSource.statements();

    var outcome = Barrier.of("g", "saga", "01", op).run(dataSource, connection -> {});

    assertThat(outcome).isEqualTo(expected);
    assertThat(dataSource.statements() - before).isEqualTo(statements);
  }

  private String createGuard() {
    var script = dialect.createScript();
    var table = script.substring(script.indexOf("CREATE TABLE"));
    return table
        .substring(0, table.indexOf(";\n"))
        .replace("dtm_barrier.barrier (", "guard (")
        .replace("CONSTRAINT uniq_barrier ", "");
  }

  private BarrierOutcome untilAnswered(String op, long amount) {
    while (true) {
      try {
        return call("saga", op, amount);
      } catch (SQLException deadlock) {
        // Called again, as the manager would.
      }
    }
  }

  private BarrierOutcome call(String transType, String op, long amount) throws SQLException {
    return run(Barrier.of("g", transType, "01", op), amount);
  }

  private BarrierOutcome run(Barrier barrier, long amount) throws SQLException {
    return barrier.run(dataSource, connection -> add(connection, amount));
  }

  static void add(Connection connection, long amount) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "UPDATE account SET balance = balance + ? WHERE name = 'alice'")) {
      statement.setLong(1, amount);
      assertThat(statement.executeUpdate()).isOne();
    }
  }

  private long change() throws SQLException {
    return database.change();
  }

  private List<String> rows() throws SQLException {
    return database.query(
        "SELECT CONCAT(trans_type, ' ', gid, ' ', branch_id, ' ', op, ' ', barrier_id, ' ', reason)"
            + " FROM dtm_barrier.barrier ORDER BY gid, branch_id, op, barrier_id");
  }

  private static <T> List<T> atOnce(List<? extends Callable<T>> calls)
      throws InterruptedException, ExecutionException {
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
}
