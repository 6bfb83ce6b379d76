package io.dtm.workflow;

/**
 * A workflow's function asks for other steps than it did when it was run before, because its code
 * was changed or depends on something that is not recorded. Nothing is guessed: no further step is
 * done. The manager is told to park the workflow, which keeps this message as its reason; once the
 * function asks for the recorded steps again, an operator has it go on.
 */
public final class HistoryChanged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String gid;
  private final String recorded;
  private final String asked;

  /**
   * @param recorded what was recorded, in words
   * @param asked what is asked for now, in words
   */
  HistoryChanged(String gid, String workflow, String recorded, String asked) {
    super(
        ("workflow '%s' %s: %s, but now %s (expected: the same steps in the same order, each time"
                + " it is run)")
            .formatted(workflow, gid, recorded, asked));
    this.gid = gid;
    this.recorded = recorded;
    this.asked = asked;
  }

  public String gid() {
    return gid;
  }

  /** What was recorded, such as {@code step 02 was recorded as 'charge'}. */
  public String recorded() {
    return recorded;
  }

  /** What is asked for now, such as {@code 'ship' is asked for}. */
  public String asked() {
    return asked;
  }
}
