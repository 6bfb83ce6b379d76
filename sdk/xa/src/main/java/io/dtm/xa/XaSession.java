package io.dtm.xa;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.XAConnection;
import javax.sql.XADataSource;

/** One session of the pool. For one thread at a time. */
final class XaSession implements AutoCloseable {
  private final XaConnections pool;
  private final XAConnection physical;
  private final Connection connection;
  private boolean isUsable = true;

  private XaSession(XaConnections pool, XAConnection physical, Connection connection) {
    this.pool = pool;
    this.physical = physical;
    this.connection = connection;
  }

  static XaSession open(XaConnections pool, XADataSource dataSource) throws SQLException {
    var physical = dataSource.getXAConnection();
    var isOpen = false;
    try {
      var connection = physical.getConnection();
      connection.setAutoCommit(true);
      isOpen = true;
      return new XaSession(pool, physical, connection);
    } finally {
      if (!isOpen) {
        close(physical);
      }
    }
  }

  Connection connection() {
    return connection;
  }

  /** Nobody gets this session any more: it ends as it is given back. */
  void retire() {
    isUsable = false;
  }

  boolean isUsable() {
    return isUsable;
  }

  @Override
  public void close() {
    pool.giveBack(this);
  }

  /** Leaves the database. One that cannot say goodbye has left already. */
  void end() {
    close(physical);
  }

  private static void close(XAConnection physical) {
    try {
      physical.close();
    } catch (SQLException ignored) {
      // Nothing is left to be closed.
    }
  }
}
