package io.dtm.workflow.xa;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.BarrierWork;
import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.workflow.WorkflowBranch;
import io.dtm.xa.XaBranch;
import io.dtm.xa.XaBranchBusy;
import io.dtm.xa.XaOutcome;
import io.dtm.xa.XaParticipant;
import java.sql.SQLException;

/**
 * Steps in a database of the workflow's own process: their work is prepared when the step is done,
 * keeps its locks, and commits or rolls back at the workflow's end, on whichever node that is.
 * Thread-safe.
 *
 * <pre>{@code
 * var xa = WorkflowXa.of(participant);
 * xa.step(workflow.branch("debit"), connection -> debit(connection, account, 30));
 * }</pre>
 */
public final class WorkflowXa {
  private final XaParticipant participant;

  private WorkflowXa(XaParticipant participant) {
    this.participant = participant;
  }

  public static WorkflowXa of(XaParticipant participant) {
    return new WorkflowXa(requireNonNull(participant, "participant"));
  }

  /**
   * Does the work and prepares it. It is done once: should the process die between the preparation
   * and its record, the step finds itself prepared when the workflow is resumed.
   *
   * @param branch what it has for the workflow's end is replaced by commit and rollback
   * @throws BranchRefused when the work refused, now or when it was recorded
   */
  public <X extends Exception> void step(WorkflowBranch branch, BarrierWork<X> work) {
    requireNonNull(work, "work");
    branch
        .onCommit(request -> end(request, () -> participant.commit(branchOf(request))))
        .onRollback(request -> end(request, () -> participant.rollback(branchOf(request))))
        .step(request -> prepare(request, work));
  }

  private <X extends Exception> void prepare(BranchRequest request, BarrierWork<X> work)
      throws SQLException, X {
    try {
      // The manager hears of it by the record; a sweep finds what is left of one that never came.
      var outcome = participant.prepare(branchOf(request), work, () -> {});
      if (outcome == XaOutcome.TOO_LATE) {
        throw new BranchRefused(branchOf(request) + ": was rolled back before its work came");
      }
    } catch (XaBranchBusy e) {
      throw new BranchOngoing(String.valueOf(e.getMessage()), e);
    }
  }

  private static void end(BranchRequest request, Phase phase) throws SQLException {
    try {
      var unused = phase.carryOut();
    } catch (XaBranchBusy e) {
      throw new BranchOngoing(
          "%s: %s".formatted(request.operation(), String.valueOf(e.getMessage())), e);
    }
  }

  private static XaBranch branchOf(BranchRequest request) {
    return new XaBranch(request.gid(), request.branchId());
  }

  /** Commit or rollback. */
  @FunctionalInterface
  private interface Phase {
    XaOutcome carryOut() throws SQLException;
  }
}
