package io.dtm.xa;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.BarrierMark;
import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.BarrierWork;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Operations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Carries out the branches of XA transactions in one database. In the first phase a branch's work
 * is done and prepared: it survives everything, and keeps its locks, until the second phase commits
 * it or rolls it back, here, on another node of the service, or by the Go client. Thread-safe.
 */
public final class XaParticipant {
  /** A session of MariaDB ends a moment after its connection; each query takes a millisecond. */
  private static final int END_QUERIES_MAX = 2_000;

  private final XaConnections sessions;
  private final BarrierTable table;
  private final XaDialect dialect;

  private XaParticipant(XaConnections sessions, BarrierTable table, XaDialect dialect) {
    this.sessions = sessions;
    this.table = table;
    this.dialect = dialect;
  }

  /**
   * A participant.
   *
   * @param table tells the kind of database too: MySQL's or PostgreSQL's
   */
  public static XaParticipant of(XaConnections sessions, BarrierTable table) {
    requireNonNull(sessions, "sessions");
    return new XaParticipant(sessions, table, XaDialect.of(table.dialect()));
  }

  /**
   * Carries out a call as it arrives: both phases may have one URL.
   *
   * @param parameters the query of the URL, or the metadata without their prefix {@code dtm-}
   * @param work for the first phase: what the branch does
   * @param registration for the first phase: tells the manager where the second is to be asked for
   * @throws IllegalArgumentException when it is not the call of an XA branch
   * @throws XaBranchBusy when it has to be repeated
   */
  public <X extends Exception> XaOutcome handle(
      Map<String, String> parameters, BarrierWork<X> work, Runnable registration)
      throws SQLException, X {
    var branch = XaBranch.from(parameters);
    var op = parameters.getOrDefault(Keys.OP, "");
    return switch (op) {
      case Operations.ACTION -> prepare(branch, work, registration);
      case Operations.COMMIT -> commit(branch);
      case Operations.ROLLBACK -> rollback(branch);
      default ->
          throw new IllegalArgumentException(
              "op: '%s' (expected: action, commit or rollback)".formatted(op));
    };
  }

  /**
   * The first phase: does the work and prepares it.
   *
   * @param registration tells the manager of the branch, once the work is done and before it is
   *     prepared, so that nothing is ever prepared of which the manager does not know
   * @return {@code PREPARED}, {@code DUPLICATE} or {@code TOO_LATE}
   * @throws XaBranchBusy while the same branch is still at work elsewhere
   * @throws SQLException when it is not known to be prepared; like any exception of the work or the
   *     registration, it lets the transaction be aborted
   */
  public <X extends Exception> XaOutcome prepare(
      XaBranch branch, BarrierWork<X> work, Runnable registration) throws SQLException, X {
    OptionalLong keeper;
    XaOutcome outcome;
    try (var session = sessions.take()) {
      keeper = dialect.keeper(session.connection());
      outcome = prepareIn(session, branch, work, registration);
      if (outcome == XaOutcome.PREPARED && keeper.isPresent()) {
        session.retire();
      }
    }
    if (outcome == XaOutcome.PREPARED && keeper.isPresent()) {
      awaitEnd(branch, keeper.getAsLong());
    }
    return outcome;
  }

  /**
   * The second phase of a transaction that succeeds.
   *
   * @return {@code COMMITTED} or {@code DUPLICATE}
   * @throws XaBranchBusy while the session that prepared the branch has not let go of it
   */
  public XaOutcome commit(XaBranch branch) throws SQLException {
    try (var session = sessions.take()) {
      if (dialect.commit(session.connection(), branch.xid())) {
        return XaOutcome.COMMITTED;
      }
      requireNotKept(session, branch);
      return XaOutcome.DUPLICATE;
    }
  }

  /**
   * The second phase of a transaction that fails. An action of this branch that comes later does
   * nothing; one that is at work is waited for, for as long as the database lets a statement wait
   * for a lock.
   *
   * @return {@code ROLLED_BACK} or {@code DUPLICATE}
   * @throws XaBranchBusy while the session that prepared the branch has not let go of it
   */
  public XaOutcome rollback(XaBranch branch) throws SQLException {
    try (var session = sessions.take()) {
      if (!dialect.rollback(session.connection(), branch.xid())) {
        requireNotKept(session, branch);
      }
      var isFirst = table.set(session.connection(), branch.mark(Operations.ROLLBACK));
      return isFirst ? XaOutcome.ROLLED_BACK : XaOutcome.DUPLICATE;
    }
  }

  /** The branches that are prepared on this server, and whose names are of our making. */
  List<XaBranch> prepared(int limit) throws SQLException {
    try (var session = sessions.take()) {
      return dialect.prepared(session.connection(), limit).stream()
          .flatMap(xid -> XaBranch.named(xid).stream())
          .toList();
    }
  }

  private <X extends Exception> XaOutcome prepareIn(
      XaSession session, XaBranch branch, BarrierWork<X> work, Runnable registration)
      throws SQLException, X {
    var connection = session.connection();
    if (!dialect.begin(connection, branch.xid())) {
      if (dialect.isPrepared(connection, branch.xid())) {
        return XaOutcome.DUPLICATE;
      }
      throw new XaBranchBusy(branch);
    }
    var isPrepared = false;
    try {
      if (!table.set(connection, branch.mark(Operations.ACTION))) {
        return whatCameBefore(connection, branch);
      }
      work.run(WorkConnection.of(connection));
      registration.run();
      dialect.prepare(connection, branch.xid());
      isPrepared = true;
      return XaOutcome.PREPARED;
    } finally {
      if (!isPrepared) {
        abandon(session, branch);
      }
    }
  }

  private XaOutcome whatCameBefore(Connection connection, XaBranch branch) throws SQLException {
    var isRolledBack =
        table
            .find(connection, branch.mark(Operations.ACTION))
            .map(BarrierMark::isSetByAnother)
            .orElse(false);
    return isRolledBack ? XaOutcome.TOO_LATE : XaOutcome.DUPLICATE;
  }

  /** Throws nothing: what made it necessary is on its way to the caller, and tells more. */
  private void abandon(XaSession session, XaBranch branch) {
    try {
      dialect.abandon(session.connection(), branch.xid());
    } catch (SQLException ignored) {
      // With its session the branch ends as well.
      session.retire();
    }
  }

  /**
   * "No such branch" means that it has ended, unless it is kept by the session that prepared it. To
   * answer "done" to that would lose it.
   */
  private void requireNotKept(XaSession session, XaBranch branch) throws SQLException {
    if (dialect.isKept(session.connection(), branch.xid())) {
      throw new XaBranchBusy(branch);
    }
  }

  /** So that whoever is asked to commit next, here or elsewhere, finds the branch. */
  private void awaitEnd(XaBranch branch, long keeper) throws SQLException {
    try (var session = sessions.take()) {
      for (var queries = 0; queries < END_QUERIES_MAX; queries++) {
        if (!dialect.isAlive(session.connection(), keeper)) {
          return;
        }
      }
    }
    throw new SQLTransientException(branch + ": prepared, but its session does not end");
  }
}
