package io.dtm.examples.bank;

import io.dtm.barrier.SqlDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * Balances in a database in memory, and the barrier that keeps them right. Thread-safe.
 *
 * <p>The manager promises to call each branch at least once, not exactly once: an answer may be
 * lost, a call may be overtaken by its own compensation. So every change is made behind a barrier,
 * which marks the call in the transaction of the change: a repetition changes nothing, a
 * compensation whose action never came has nothing to undo, and an action that comes after its
 * compensation is not carried out.
 */
final class Accounts implements AutoCloseable {
  private final JdbcConnectionPool connections;

  Accounts(Map<String, Long> balances) {
    var url = "jdbc:h2:mem:bank-%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID());
    this.connections = JdbcConnectionPool.create(url, "", "");
    open(balances);
  }

  Map<String, Long> balances() {
    try (var connection = connections.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT name, balance FROM account")) {
      var balances = new TreeMap<String, Long>();
      while (rows.next()) {
        balances.put(rows.getString(1), rows.getLong(2));
      }
      return balances;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Books an action once.
   *
   * @return whether the balance suffices; if not, nothing is changed or marked
   */
  boolean book(BranchCall action, String account, long change) {
    try {
      action.barrier().run(connections, connection -> addIfCovered(connection, account, change));
      return true;
    } catch (BalanceTooLow e) {
      return false;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Undoes once what the action has booked, and cannot be refused. */
  void undo(BranchCall compensation, String account, long booked) {
    try {
      compensation.barrier().run(connections, connection -> add(connection, account, -booked));
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try (var connection = connections.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      connections.dispose();
    }
  }

  private void open(Map<String, Long> balances) {
    try (var connection = connections.getConnection();
        var create = connection.createStatement()) {
      create.execute(SqlDialect.H2.createScript());
      create.execute("CREATE TABLE account (name VARCHAR(20) PRIMARY KEY, balance BIGINT)");
      try (var insert = connection.prepareStatement("INSERT INTO account VALUES (?, ?)")) {
        for (var balance : balances.entrySet()) {
          insert.setString(1, balance.getKey());
          insert.setLong(2, balance.getValue());
          insert.executeUpdate();
        }
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static void addIfCovered(Connection connection, String account, long change)
      throws SQLException {
    add(connection, account, change);
    try (var select = connection.prepareStatement("SELECT balance FROM account WHERE name = ?")) {
      select.setString(1, account);
      try (var rows = select.executeQuery()) {
        if (!rows.next() || rows.getLong(1) < 0) {
          throw new BalanceTooLow();
        }
      }
    }
  }

  private static void add(Connection connection, String account, long change) throws SQLException {
    try (var update =
        connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE name = ?")) {
      update.setLong(1, change);
      update.setString(2, account);
      update.executeUpdate();
    }
  }

  private static IllegalStateException failed(SQLException e) {
    return new IllegalStateException("database of the bank: " + e.getMessage(), e);
  }

  /** Rolls back the change, and the barrier's mark with it. */
  private static final class BalanceTooLow extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
