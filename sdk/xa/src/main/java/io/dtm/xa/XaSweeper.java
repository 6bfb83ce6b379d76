package io.dtm.xa;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends orphans: branches that are prepared, and hold their locks, although their transaction has
 * ended and the manager will not call again. That happens when an operator stops a transaction by
 * force, or when a second phase was answered "done" by somebody who was wrong. Thread-safe; any
 * number of nodes may sweep.
 *
 * <p>A branch is touched only when the manager says that its transaction has ended. Names that are
 * not of our making, and transactions that the manager does not know, are left alone.
 */
public final class XaSweeper {
  /** Prepared branches of one sweep. */
  private static final int BRANCHES_MAX = 1_000;

  private final XaParticipant participant;
  private final GlobalStates states;

  public XaSweeper(XaParticipant participant, GlobalStates states) {
    this.participant = requireNonNull(participant, "participant");
    this.states = requireNonNull(states, "states");
  }

  /**
   * Looks at all prepared branches once, and ends those that are orphans. To be called every few
   * minutes by the application's scheduler.
   *
   * @throws SQLException when the database does not tell what is prepared; in MySQL 8 that takes
   *     the privilege {@code XA_RECOVER_ADMIN}
   */
  public SweepReport sweep() throws SQLException {
    var sweep = new Sweep();
    for (var branch : participant.prepared(BRANCHES_MAX)) {
      sweep.lookAt(branch);
    }
    return sweep.report();
  }

  private final class Sweep {
    private final List<XaBranch> committed = new ArrayList<>();
    private final List<XaBranch> rolledBack = new ArrayList<>();
    private final List<XaBranch> unfinished = new ArrayList<>();
    private final List<XaBranch> unknown = new ArrayList<>();
    private final List<SweepReport.Unclear> unclear = new ArrayList<>();

    /** One that cannot be ended holds up no other. */
    void lookAt(XaBranch branch) {
      try {
        end(branch);
      } catch (SQLException | RuntimeException e) {
        unclear.add(new SweepReport.Unclear(branch, e));
      }
    }

    private void end(XaBranch branch) throws SQLException {
      switch (states.of(branch.gid())) {
        case SUCCEEDED -> {
          participant.commit(branch);
          committed.add(branch);
        }
        case FAILED -> {
          participant.rollback(branch);
          rolledBack.add(branch);
        }
        case UNFINISHED -> unfinished.add(branch);
        case UNKNOWN -> unknown.add(branch);
      }
    }

    SweepReport report() {
      return new SweepReport(committed, rolledBack, unfinished, unknown, unclear);
    }
  }
}
