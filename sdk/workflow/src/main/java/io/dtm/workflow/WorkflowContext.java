package io.dtm.workflow;

import io.dtm.client.BranchRefused;
import io.dtm.client.BranchTransport;
import io.dtm.client.Payload;

/**
 * What a workflow's function does its steps with, one after another. Each has a name, and is
 * recorded at the manager with its result or its refusal before the next may begin; when the
 * function is run again, the record is its answer. For the thread that runs the function, until it
 * returns.
 *
 * <p>A step that ends without a record stops the run: the function may catch the exception, but
 * gets no further step. The manager then has the whole resumed.
 */
public final class WorkflowContext {
  private final Journal journal;
  private final BranchTransport participants;
  private final Values values;

  WorkflowContext(Journal journal, BranchTransport participants, Values values) {
    this.journal = journal;
    this.participants = participants;
    this.values = values;
  }

  /** The workflow's global transaction. */
  public String gid() {
    return journal.gid();
  }

  /**
   * A step that has more to it: what undoes it, or makes it final.
   *
   * @param name tells people, and replays, which step it is: 1 to 100 characters, no control
   *     characters. Steps in a loop may share one
   */
  public WorkflowBranch branch(String name) {
    return new WorkflowBranch(Names.check("step", name), journal, participants, values);
  }

  /**
   * A step done here.
   *
   * @param type of the result, which is recorded as JSON, or as it stands if it is a {@link
   *     Payload}
   * @throws BranchRefused when the work refused, now or when it was recorded
   */
  public <T> T step(String name, Class<T> type, StepWork<T> work) {
    return branch(name).step(type, work);
  }

  /** As {@link #step(String, Class, StepWork)}, without a result. */
  public void step(String name, BranchWork work) {
    branch(name).step(work);
  }

  /**
   * A step done by a participant, which is called with the operation {@code action}.
   *
   * @param url where, as managers would call it
   * @param payload sent as JSON; a {@link Payload} is sent as it stands
   * @return what it answered
   * @throws BranchRefused when it refused, now or when it was recorded
   */
  public Payload call(String name, String url, Object payload) {
    return branch(name).call(url, payload);
  }

  /**
   * A participant that reserves now, and is told at the workflow's end to make it final or to give
   * it up. The three calls bear the operations {@code action}, {@code commit} and {@code rollback}.
   *
   * @return what it answered to the try
   * @throws BranchRefused when the try refused; it then is not cancelled
   */
  public Payload tcc(
      String name, String tryUrl, String confirmUrl, String cancelUrl, Object payload) {
    return branch(name)
        .onCommit(confirmUrl, payload)
        .onRollback(cancelUrl, payload)
        .call(tryUrl, payload);
  }
}
