package io.dtm.protocol;

/** What can be asked of a branch. Workflows record operations under names of their own. */
public final class Operations {
  public static final String ACTION = "action";
  public static final String COMPENSATE = "compensate";
  public static final String TRY = "try";
  public static final String CONFIRM = "confirm";
  public static final String CANCEL = "cancel";
  public static final String COMMIT = "commit";
  public static final String ROLLBACK = "rollback";

  /** The check-back that asks a message's sender whether its local transaction committed. */
  public static final String MSG = "msg";

  private Operations() {}
}
