package io.dtm.server.store.jdbc;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * What a failed piece of work means.
 *
 * @param kind what went wrong
 * @param committing whether the commit had been asked for
 */
record SqlFailure(Kind kind, boolean committing, SQLException cause) {
  private static final int WRAPPINGS_MAX = 8;

  /** MariaDB's driver numbers its connections, which makes two of every fault that is one. */
  private static final String CONNECTION_NUMBER = "^\\(conn=\\d+\\) ";

  private static final String UNDONE_CLASS = "40";
  private static final String CONNECTION_CLASS = "08";

  /** Of the same class as what is undone, but nobody knows: CockroachDB, when a commit got lost. */
  private static final String COMPLETION_UNKNOWN = "40003";

  private static final String POSTGRESQL_LOCKED = "55P03";

  /**
   * The first is MySQL's, the second SQL Server's. There the first is a deadlock, whose state is of
   * the class of what is undone.
   */
  private static final Set<Integer> LOCKED = Set.of(1205, 1222);

  /** PostgreSQL: shut down by its operator, crashed, not yet up, too many connections. */
  private static final Set<String> POSTGRESQL_DOWN = Set.of("57P01", "57P02", "57P03", "53300");

  private static final String POSTGRESQL_READ_ONLY = "25006";

  /** MySQL: the server runs with --read-only, or its engine was opened so. */
  private static final Set<Integer> MYSQL_READ_ONLY = Set.of(1290, 1836);

  /** What went wrong. */
  enum Kind {
    /** The pool had no connection to give in time. */
    NO_CONNECTION,
    /** No answer came in time; the connection is given up. */
    TIMED_OUT,
    /** The connection broke. */
    CONNECTION_LOST,
    /** The server takes no writes: it was the primary once, or will be. */
    READ_ONLY,
    /** The database undid the work in favour of another. */
    UNDONE,
    /** Somebody held a lock for longer than the work may wait for one; nothing was written. */
    LOCKED,
    /** Anything else. */
    REFUSED
  }

  static SqlFailure of(SQLException e, boolean committing) {
    var told = telling(e);
    return new SqlFailure(kind(told), committing, told);
  }

  /** MariaDB's driver wraps what went wrong in a batch, and the wrapping has no state. */
  private static SQLException telling(SQLException e) {
    var told = e;
    // Bounded: causes may go in a circle.
    for (int i = 0;
        i < WRAPPINGS_MAX && told.getSQLState() == null && told.getCause() instanceof SQLException;
        i++) {
      told = (SQLException) told.getCause();
    }
    return told;
  }

  private static Kind kind(SQLException e) {
    var state = e.getSQLState() == null ? "" : e.getSQLState();
    if (e instanceof SQLTransientConnectionException
        && String.valueOf(e.getMessage()).startsWith(Database.POOL)) {
      return Kind.NO_CONNECTION;
    }
    if (hasTimedOut(e)) {
      return Kind.TIMED_OUT;
    }
    if (state.equals(COMPLETION_UNKNOWN)) {
      return Kind.CONNECTION_LOST;
    }
    if (state.startsWith(UNDONE_CLASS)) {
      return Kind.UNDONE;
    }
    if (state.equals(POSTGRESQL_LOCKED) || LOCKED.contains(e.getErrorCode())) {
      return Kind.LOCKED;
    }
    if (state.equals(POSTGRESQL_READ_ONLY) || MYSQL_READ_ONLY.contains(e.getErrorCode())) {
      return Kind.READ_ONLY;
    }
    if (state.startsWith(CONNECTION_CLASS)
        || POSTGRESQL_DOWN.contains(state)
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException) {
      return Kind.CONNECTION_LOST;
    }
    return Kind.REFUSED;
  }

  private static boolean hasTimedOut(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** Whether it says nothing of the work, but of the way to the database. */
  boolean isOfConnection() {
    return switch (kind) {
      case NO_CONNECTION, TIMED_OUT, CONNECTION_LOST, READ_ONLY -> true;
      case UNDONE, LOCKED, REFUSED -> false;
    };
  }

  /** Whether another statement may go through: nothing was written, and the database is well. */
  boolean isOfStatement() {
    return switch (kind) {
      case LOCKED, REFUSED -> !committing;
      case NO_CONNECTION, TIMED_OUT, CONNECTION_LOST, READ_ONLY, UNDONE -> false;
    };
  }

  /** Whether the work has certainly not happened and may go better the next time. */
  boolean mayTryAgain() {
    return switch (kind) {
      case UNDONE, READ_ONLY -> true;
      case CONNECTION_LOST -> !committing;
      case NO_CONNECTION, TIMED_OUT, LOCKED, REFUSED -> false;
    };
  }

  /** Whether the other connections in the pool are most likely as bad. */
  boolean spoilsOtherConnections() {
    return kind == Kind.CONNECTION_LOST || kind == Kind.READ_ONLY;
  }

  /** One line for people. */
  String describe() {
    var message = firstLine(cause);
    return switch (kind) {
      case NO_CONNECTION ->
          "no connection: " + (cause.getCause() == null ? message : firstLine(cause.getCause()));
      case TIMED_OUT -> "no answer in time" + duringCommit() + ": " + message;
      case CONNECTION_LOST -> "the connection was lost" + duringCommit() + ": " + message;
      case READ_ONLY -> "the server takes no writes: " + message;
      case UNDONE -> "undone again and again in favour of other work: " + message;
      case LOCKED -> "locked by somebody else; nothing was written: " + message;
      case REFUSED -> "refused (SQL state %s): %s".formatted(cause.getSQLState(), message);
    };
  }

  private String duringCommit() {
    return committing
        ? " during a commit, which may have happened or not"
        : "; nothing was written";
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(CONNECTION_NUMBER, "");
  }
}
