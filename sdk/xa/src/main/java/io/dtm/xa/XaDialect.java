package io.dtm.xa;

import io.dtm.barrier.SqlDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The statements of XA, as each kind of database has them. Branches go by their names. */
interface XaDialect {

  static XaDialect of(SqlDialect database) {
    return switch (database) {
      case MYSQL -> new MySqlXa();
      case POSTGRESQL -> new PostgreSqlXa();
      case SQL_SERVER, ORACLE, H2 ->
          throw new IllegalArgumentException(
              "database: %s (expected: MYSQL or POSTGRESQL)".formatted(database));
    };
  }

  /** The session that keeps what it prepares until it ends; none where any session may end it. */
  OptionalLong keeper(Connection connection) throws SQLException;

  /** Whether the session has not yet ended; takes a moment to say yes. */
  boolean isAlive(Connection connection, long session) throws SQLException;

  /**
   * Begins the branch.
   *
   * @return false when one of that name is there
   */
  boolean begin(Connection connection, String xid) throws SQLException;

  void prepare(Connection connection, String xid) throws SQLException;

  /** Undoes a branch that was begun and not prepared. */
  void abandon(Connection connection, String xid) throws SQLException;

  /**
   * Commits what was prepared, in this session or another.
   *
   * @return false when nothing of that name can be committed from here
   */
  boolean commit(Connection connection, String xid) throws SQLException;

  /** As {@link #commit}. */
  boolean rollback(Connection connection, String xid) throws SQLException;

  /** The names of all branches that are prepared, whoever has named them, up to a limit. */
  List<String> prepared(Connection connection, int limit) throws SQLException;

  boolean isPrepared(Connection connection, String xid) throws SQLException;

  /** Whether it is prepared, and can be ended by no other session than the one that prepared it. */
  boolean isKept(Connection connection, String xid) throws SQLException;
}
