package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.Barrier;
import io.dtm.barrier.BarrierOutcome;
import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.PreparedState;
import io.dtm.barrier.SqlDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Where the marks of barriers are kept: the database in which the work is done too, and the
 * transactions of Spring that cover both. Thread-safe, immutable.
 */
public final class BarrierDatabase {
  private final DataSource dataSource;
  private final PlatformTransactionManager transactions;
  private final Tables tables;

  /** Which table, on a connection. */
  @FunctionalInterface
  private interface Tables {
    Optional<BarrierTable> on(Connection connection) throws SQLException;
  }

  private BarrierDatabase(
      DataSource dataSource, PlatformTransactionManager transactions, Tables tables) {
    requireNonNull(dataSource, "dataSource");
    this.dataSource = boundByTransactions(dataSource);
    this.transactions = requireNonNull(transactions, "transactions");
    this.tables = tables;
  }

  /** Transaction managers see through the proxy that makes a data source take part in them. */
  private static DataSource boundByTransactions(DataSource dataSource) {
    var target =
        dataSource instanceof TransactionAwareDataSourceProxy proxy
            ? proxy.getTargetDataSource()
            : null;
    return target == null ? dataSource : target;
  }

  /**
   * With the table under the name that the clients of other languages use.
   *
   * @param transactions of that data source: a {@code DataSourceTransactionManager}, or a {@code
   *     JpaTransactionManager} that shares its connection with JDBC, as Hibernate's does
   */
  public static BarrierDatabase of(DataSource dataSource, PlatformTransactionManager transactions) {
    return new BarrierDatabase(dataSource, transactions, connection -> Optional.empty());
  }

  /** With a table of another name, which may be qualified. */
  public BarrierDatabase table(String name) {
    requireNonNull(name, "name");
    // Checks the name at once.
    var unused = new BarrierTable(SqlDialect.MYSQL, name);
    return new BarrierDatabase(
        dataSource,
        transactions,
        connection -> Optional.of(new BarrierTable(SqlDialect.of(connection), name)));
  }

  /** With another table, of a database that is only compatible with one that barriers know. */
  public BarrierDatabase table(BarrierTable table) {
    requireNonNull(table, "table");
    return new BarrierDatabase(dataSource, transactions, connection -> Optional.of(table));
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object, X extends Throwable> {
    T run() throws X;
  }

  /**
   * In the transaction that is open, or a new one. Unlike Spring's own, rolls back whatever is
   * thrown: a mark that stays without its work would lose the work.
   */
  <T extends @Nullable Object, X extends Throwable> T inTransaction(Work<T, X> work) throws X {
    var status = transactions.getTransaction(new DefaultTransactionDefinition());
    T result;
    try {
      result = work.run();
    } catch (Throwable e) {
      rollBack(status, e);
      throw e;
    }
    transactions.commit(status);
    return result;
  }

  /** What made it necessary tells more than what goes wrong with it. */
  private void rollBack(TransactionStatus status, Throwable cause) {
    try {
      transactions.rollback(status);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Marks a guarded call in the transaction that is open.
   *
   * @throws IllegalStateException when the data source takes no part in it
   * @throws DataAccessException from the database; its transaction is to be rolled back
   */
  BarrierOutcome mark(Barrier barrier) {
    if (!TransactionSynchronizationManager.hasResource(dataSource)) {
      throw new IllegalStateException(
          ("%s: the transaction that is open does not cover the data source of the barrier"
                  + " (expected: a BarrierDatabase of a data source and its own transaction manager)")
              .formatted(barrier));
    }
    var connection = DataSourceUtils.getConnection(dataSource);
    try {
      var table = tables.on(connection);
      return table.map(barrier::on).orElse(barrier).run(connection, marked -> {});
    } catch (SQLException e) {
      throw translated(barrier, e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  /**
   * What became of the local transaction of a message; asked outside of any transaction.
   *
   * @throws DataAccessException from the database
   */
  PreparedState queryPrepared(Barrier barrier) {
    try {
      return tableOnOwnConnection().map(barrier::on).orElse(barrier).queryPrepared(dataSource);
    } catch (SQLException e) {
      throw translated(barrier, e);
    }
  }

  private Optional<BarrierTable> tableOnOwnConnection() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      return tables.on(connection);
    }
  }

  private static DataAccessException translated(Barrier barrier, SQLException failure) {
    var translated =
        new SQLStateSQLExceptionTranslator().translate(barrier.toString(), null, failure);
    return translated == null
        ? new UncategorizedSQLException(barrier.toString(), null, failure)
        : translated;
  }
}
