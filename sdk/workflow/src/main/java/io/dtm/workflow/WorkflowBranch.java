package io.dtm.workflow;

import static java.util.Objects.requireNonNull;

import io.dtm.client.BranchCall;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.BranchTransport;
import io.dtm.client.Payload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step, with what is to be done at the workflow's end, the last step first: when the function
 * returns, what was given to {@code onCommit}; when it is refused, what was given to {@code
 * onRollback} of the steps that succeeded. Neither may refuse: both are repeated until they
 * succeed. Made by {@link WorkflowContext#branch}; ends with {@code step} or {@code call}, once.
 */
public final class WorkflowBranch {
  private final String name;
  private final Journal journal;
  private final BranchTransport participants;
  private final Values values;
  private @Nullable BranchWork onCommit;
  private @Nullable BranchWork onRollback;
  private boolean isDone;

  WorkflowBranch(String name, Journal journal, BranchTransport participants, Values values) {
    this.name = name;
    this.journal = journal;
    this.participants = participants;
    this.values = values;
  }

  /** What makes this step final. */
  public WorkflowBranch onCommit(BranchWork work) {
    onCommit = requireNonNull(work, "work");
    return this;
  }

  /** A participant that makes this step final, called with the operation {@code commit}. */
  public WorkflowBranch onCommit(String url, Object payload) {
    return onCommit(calling(url, payload));
  }

  /** What undoes this step. */
  public WorkflowBranch onRollback(BranchWork work) {
    onRollback = requireNonNull(work, "work");
    return this;
  }

  /** A participant that undoes this step, called with the operation {@code rollback}. */
  public WorkflowBranch onRollback(String url, Object payload) {
    return onRollback(calling(url, payload));
  }

  /**
   * Does the step here.
   *
   * @param type of the result, which is recorded as JSON, or as it stands if it is a {@link
   *     Payload}
   * @throws BranchRefused when the work refused, now or when it was recorded
   */
  public <T> T step(Class<T> type, StepWork<T> work) {
    requireNonNull(type, "type");
    requireNonNull(work, "work");
    return values.read(carryOut(branch -> values.write(work.run(branch))), type);
  }

  /** As {@link #step(Class, StepWork)}, without a result. */
  public void step(BranchWork work) {
    requireNonNull(work, "work");
    carryOut(branch -> {
      work.run(branch);
      return Payload.empty();
    });
  }

  /**
   * Has a participant do the step, with the operation {@code action}.
   *
   * @param url where, as managers would call it
   * @param payload sent as JSON; a {@link Payload} is sent as it stands
   * @return what it answered
   * @throws BranchRefused when it refused, now or when it was recorded
   */
  public Payload call(String url, Object payload) {
    var body = values.write(payload);
    requireNonNull(url, "url");
    return carryOut(branch -> call(url, body, branch));
  }

  private BranchWork calling(String url, Object payload) {
    var body = values.write(payload);
    requireNonNull(url, "url");
    return branch -> call(url, body, branch);
  }

  private Payload call(String url, Payload body, BranchRequest branch) {
    return Answers.await(participants.call(new BranchCall(url, branch, body, Map.of())));
  }

  private Payload carryOut(StepWork<Payload> work) {
    if (isDone) {
      throw new IllegalStateException(
          "step '%s': done already (expected: one branch for each)".formatted(name));
    }
    isDone = true;
    return journal.step(name, work, onCommit, onRollback);
  }
}
