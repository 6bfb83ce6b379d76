package io.dtm.workflow;

import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.BranchUnclear;
import io.dtm.client.Payload;
import io.dtm.client.TransactionMode;
import io.dtm.protocol.Operations;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One run's steps: each is read from the history, or else done and recorded. What cannot be
 * recorded has not happened, so a failure that is no refusal ends the run, even if the function
 * catches it: replayed, the function could not know of it. For the thread of its run.
 */
final class Journal {
  private static final int REASON_LENGTH_MAX = 1_000;

  private final WorkflowRequest request;
  private final History history;
  private final WorkflowCommands commands;
  private final Deque<End> commits = new ArrayDeque<>();
  private final Deque<End> rollbacks = new ArrayDeque<>();
  private int position;
  private long recordedBytes;
  private boolean isOver;
  private @Nullable RuntimeException stopped;

  /** What is to be done with a branch after the function's end. */
  private record End(String branchId, String step, BranchWork work) {}

  Journal(WorkflowRequest request, History history, WorkflowCommands commands) {
    this.request = request;
    this.history = history;
    this.commands = commands;
  }

  String gid() {
    return request.gid();
  }

  /**
   * The result of the next step.
   *
   * @param onCommit what to do when the workflow succeeds; null for nothing
   * @param onRollback what to do when it is turned back, unless this step refuses
   * @throws BranchRefused when the step refused, now or when it was recorded
   */
  Payload step(
      String name,
      StepWork<Payload> work,
      @Nullable BranchWork onCommit,
      @Nullable BranchWork onRollback) {
    requireGoing();
    StepRecord record;
    try {
      record = resolved(nextPosition(), name, work);
      recordedBytes += record.value().bytes().length;
    } catch (RuntimeException e) {
      stopped = Answers.stop(request, e);
      throw stopped;
    }
    if (record.isRefused()) {
      // without a cause: a replayed refusal has none, and the function must not see a difference
      throw new BranchRefused(record.value().text());
    }
    var branchId = branchId(position);
    if (onCommit != null) {
      commits.push(new End(branchId, name, onCommit));
    }
    if (onRollback != null) {
      rollbacks.push(new End(branchId, name, onRollback));
    }
    return record.value();
  }

  /** Throws what has stopped the run, if something has. */
  void requireGoing() {
    if (stopped != null) {
      throw stopped;
    }
    if (isOver) {
      throw new IllegalStateException(
          "workflow '%s' %s: its function has ended (expected: steps only while it runs)"
              .formatted(request.name(), request.gid()));
    }
  }

  /** Carries out what was registered for this end, the last first, and records it. */
  void conclude(String operation) {
    isOver = true;
    history.requireEnd(position, operation);
    var ends = operation.equals(Operations.COMMIT) ? commits : rollbacks;
    for (var end : ends) {
      if (!history.has(end.branchId(), operation)) {
        carryOut(end, operation);
        commands.record(request, end.branchId(), operation, false, Payload.empty());
      }
    }
  }

  private StepRecord resolved(int number, String name, StepWork<Payload> work) {
    var recorded = history.step(number, name);
    if (recorded.isPresent()) {
      return recorded.get();
    }
    var branchId = branchId(number);
    var record = ended(branchId, name, work);
    commands.record(request, branchId, Operations.ACTION, record.isRefused(), record.data());
    return record;
  }

  private StepRecord ended(String branchId, String name, StepWork<Payload> work) {
    try {
      var result = work.run(request(branchId, Operations.ACTION));
      requireSmall("step '%s'".formatted(name), result);
      requireRoom(recordedBytes + result.bytes().length);
      return StepRecord.succeeded(name, result);
    } catch (Exception e) {
      return Answers.refusal(e)
          .map(refused -> StepRecord.refused(name, reason(refused)))
          .orElseThrow(() -> Answers.stop(request, e));
    }
  }

  private void carryOut(End end, String operation) {
    try {
      end.work().run(request(end.branchId(), operation));
    } catch (Exception e) {
      throw Answers.refusal(e)
          .<RuntimeException>map(refused ->
              new BranchUnclear(
                  "%s of step %s '%s' refused: %s (expected: that it succeeds in the end)"
                      .formatted(operation, end.branchId(), end.step(), refused.getMessage()),
                  refused))
          .orElseGet(() -> Answers.stop(request, e));
    }
  }

  private BranchRequest request(String branchId, String operation) {
    return BranchRequest.of(request.gid(), TransactionMode.WORKFLOW, branchId, operation);
  }

  private int nextPosition() {
    if (position == Workflows.STEPS_MAX) {
      throw new IllegalStateException(
          "steps of a workflow: %d (expected: at most %d)"
              .formatted(position + 1, Workflows.STEPS_MAX));
    }
    position++;
    return position;
  }

  private static String branchId(int position) {
    return "%02d".formatted(position);
  }

  static String reason(BranchRefused refused) {
    var reason = String.valueOf(refused.getMessage());
    return reason.length() <= REASON_LENGTH_MAX
        ? reason
        : reason.substring(0, REASON_LENGTH_MAX) + "…";
  }

  private static void requireRoom(long bytes) {
    if (bytes > Workflows.HISTORY_BYTES_MAX) {
      throw new IllegalStateException(
          "results of all steps: %d bytes (expected: at most %d)"
              .formatted(bytes, Workflows.HISTORY_BYTES_MAX));
    }
  }

  /**
   * @param what has that result, for people
   */
  static void requireSmall(String what, Payload result) {
    var length = result.bytes().length;
    if (length > Workflows.RESULT_BYTES_MAX) {
      throw new IllegalStateException(
          "%s: result of %d bytes (expected: at most %d)"
              .formatted(what, length, Workflows.RESULT_BYTES_MAX));
    }
  }
}
