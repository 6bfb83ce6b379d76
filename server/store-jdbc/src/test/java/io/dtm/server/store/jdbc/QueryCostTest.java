package io.dtm.server.store.jdbc;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.Parking;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.store.jdbc.Dialect.Shape;
import io.dtm.server.store.jdbc.TransactionTable.ChangedRow;
import io.dtm.server.store.kit.Micros;
import io.dtm.testing.store.testkit.SettableClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No statement reads the whole table, however it was planned: counted are the rows that the server
 * has read, with statements that were prepared while the table was nearly empty, with those that
 * know nothing of its size, and with those that do. {@code -Ddtm.rows=600000} tries a larger table.
 */
final class QueryCostTest {
  private static final int ROWS = Integer.getInteger("dtm.rows", 20_000);

  /** Both drivers and both servers have settled on a plan after as many executions. */
  private static final int WARM_UP = 15;

  private static final int READ_MAX = 1_500;

  @ParameterizedTest
  @EnumSource
  void noStatementReadsTheWholeTable(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    var config = TestDatabase.config(url);
    JdbcTransactionStore.open(config).close();
    if (kind == TestDatabase.POSTGRESQL) {
      TestDatabase.execute(url, "ALTER TABLE dtm_transaction SET (autovacuum_enabled = false)");
    }
    var dialect = Dialect.of(url);
    try (var old = connect(config, dialect)) {
      insert(kind, old, 1, 100);
      for (int i = 0; i < WARM_UP; i++) {
        runAll(kind, dialect, old);
      }
      insert(kind, old, 101, ROWS);
      assertCheap("prepared when the table was small", beforeStatistics(kind, dialect, old));
      try (var fresh = connect(config, dialect)) {
        assertCheap("without statistics", beforeStatistics(kind, dialect, fresh));
      }
      TestDatabase.execute(
          url,
          kind == TestDatabase.MARIADB
              ? "ANALYZE TABLE dtm_transaction"
              : "ANALYZE dtm_transaction");
      try (var fresh = connect(config, dialect)) {
        for (int i = 0; i < WARM_UP; i++) {
          assertCheap("with statistics, execution " + i, runAll(kind, dialect, fresh));
        }
      }
      assertCheap("prepared long ago", runAll(kind, dialect, old));
    }
  }

  private static Connection connect(JdbcStoreConfig config, Dialect dialect) throws SQLException {
    var connection =
        DriverManager.getConnection(
            config.url(), dialect.driverProperties(config, config.lockTimeout()));
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
  }

  /**
   * Half of them finished, one in ten parked. Gids are in no order. All were created when their
   * record says so, which is asked for when they are claimed or made due.
   */
  private static void insert(TestDatabase kind, Connection connection, int from, int to)
      throws SQLException {
    var sample = TransactionTable.NewRow.of(aSaga("sample").step("debit").build());
    var number =
        switch (kind) {
          case MARIADB ->
              """
              (WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
              SELECT i FROM n) s\
              """
                  .formatted(from, to);
          case POSTGRESQL -> "generate_series(%d, %d) s (i)".formatted(from, to);
        };
    if (kind == TestDatabase.MARIADB) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET max_recursive_iterations = 10000000");
      }
    }
    var sql =
        """
        INSERT INTO dtm_transaction (%s)
        SELECT CONCAT(MD5(CONCAT(i, '')), '-', i), 'saga',
          CASE WHEN MOD(i, 2) = 0 THEN 'submitted' ELSE 'succeeded' END, 1, MOD(i, 2),
          0, ?,
          CASE WHEN i > 64 AND MOD(i, 10) = 4 THEN ? ELSE ? END + i, ?, ?, ? FROM %s
        """
            .formatted(Dialect.COLUMNS, number);
    try (var statement = connection.prepareStatement(sql)) {
      long start = Micros.floor(SettableClock.START);
      new Values(statement)
          .add(start)
          .add(Micros.floor(Parking.DUE_FROM))
          .add(start)
          .add(sample.record().definition())
          .add(sample.record().appended())
          .add(sample.record().progress());
      assertThat(statement.executeUpdate()).isEqualTo(to - from + 1);
    }
    connection.commit();
  }

  /** What a statement was for, and how many rows the server has read. */
  private record Cost(String what, long rows) {}

  private static void assertCheap(String when, List<Cost> costs) {
    assertThat(costs)
        .as(when)
        .allSatisfy(cost -> assertThat(cost.rows()).as(cost.what()).isLessThan(READ_MAX));
  }

  /**
   * PostgreSQL, until it has looked at a table for the first time, sorts what it could have read in
   * order. It looks within a minute; what matters is that writes are not slow until then.
   */
  private static List<Cost> beforeStatistics(
      TestDatabase kind, Dialect dialect, Connection connection) throws SQLException {
    return runAll(kind, dialect, connection).stream()
        .filter(cost -> kind == TestDatabase.MARIADB || cost.what().startsWith("update"))
        .toList();
  }

  private interface Work {
    Object with(Connection connection) throws SQLException;
  }

  private static List<Cost> runAll(TestDatabase kind, Dialect dialect, Connection connection)
      throws SQLException {
    var table = new TransactionTable(dialect, "test");
    var dueRows = new DueRows(dialect, table);
    var listing = new Listing(dialect, table);
    var start = SettableClock.START;
    var costs = new ArrayList<Cost>();
    for (var shape : Shape.values()) {
      costs.add(cost(kind, connection, "update " + shape, c -> table.update(c, changes(shape))));
    }
    costs.add(
        cost(
            kind,
            connection,
            "claim",
            c -> dueRows.claim(c, start.plusSeconds(1), 32, saga -> saga.nextVersion(start))));
    costs.add(
        cost(kind, connection, "make due", c -> dueRows.makeDue(c, start, Duration.ZERO, 32)));
    var middle = Place.of(Micros.floor(start) + ROWS / 2, "m");
    costs.add(
        cost(kind, connection, "page", c -> listing.page(c, TransactionFilter.all(), middle, 32)));
    var succeeded = new TransactionFilter(TransactionStatus.SUCCEEDED, null, null, null);
    costs.add(
        cost(kind, connection, "page of one status", c -> listing.page(c, succeeded, middle, 32)));
    var parkedRows = new ParkedRows(dialect, table);
    var parked = TransactionFilter.allParked();
    costs.add(cost(kind, connection, "page of parked", c -> parkedRows.page(c, parked, null, 32)));
    var behind = Place.ofParked(Micros.floor(Parking.DUE_FROM) + ROWS / 2, "m");
    costs.add(
        cost(kind, connection, "next page of parked", c -> parkedRows.page(c, parked, behind, 32)));
    costs.add(cost(kind, connection, "find", c -> table.find(c, gid(2))));
    costs.add(
        cost(
            kind,
            connection,
            "delete finished",
            c ->
                new FinishedRows(dialect)
                    .delete(
                        c, TransactionStatus.SUCCEEDED, start.plus(ROWS, ChronoUnit.MICROS), 32)));
    return costs;
  }

  private static Gid gid(int i) {
    return new Gid("no-such-transaction-" + i);
  }

  /** None of them has the expected version, so that they may be done again and again. */
  private static List<ChangedRow> changes(Shape shape) {
    return IntStream.range(0, 32)
        .mapToObj(i -> {
          var gid = gid(i).value();
          var createdAt = SettableClock.START.plus(i, ChronoUnit.MICROS);
          var before = aSaga(gid).createdAt(createdAt).build();
          var after =
              switch (shape) {
                case PROGRESS -> before;
                case APPEND -> before.withAppended(aSaga("a").step("more").build().branches());
                case REDEFINE ->
                    before.withDefinition(
                        aSaga(gid).createdAt(createdAt.plusNanos(1)).build().definition());
              };
          return ChangedRow.of(
              new WriteCommand.Update(before, after.nextVersion(SettableClock.START)));
        })
        .toList();
  }

  /** Undoes the work after it has been counted. */
  private static Cost cost(TestDatabase kind, Connection connection, String what, Work work)
      throws SQLException {
    long before = rowsRead(kind, connection);
    work.with(connection);
    long after = rowsRead(kind, connection);
    connection.rollback();
    return new Cost(what, after - before);
  }

  private static long rowsRead(TestDatabase kind, Connection connection) throws SQLException {
    var sql =
        switch (kind) {
          case MARIADB ->
              "SELECT SUM(variable_value) FROM information_schema.session_status"
                  + " WHERE variable_name LIKE 'Handler_read%'";
          case POSTGRESQL ->
              "SELECT COALESCE(SUM(seq_tup_read + idx_tup_fetch), 0)"
                  + " FROM pg_stat_xact_user_tables WHERE relname = 'dtm_transaction'";
        };
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
