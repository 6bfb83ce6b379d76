package io.dtm.server.core;

/**
 * What is asked of a branch. The names are those of the wire; workflows record operations under
 * names of their own, hence no enum.
 */
public record Operation(String name) {
  /** A saga's or message's step forward. */
  public static final Operation ACTION = new Operation("action");

  /** The undoing of a saga's action. */
  public static final Operation COMPENSATE = new Operation("compensate");

  /** Makes a TCC try definite. */
  public static final Operation CONFIRM = new Operation("confirm");

  /** Takes a TCC try back. */
  public static final Operation CANCEL = new Operation("cancel");

  /** Commits a prepared database branch, or a workflow's step. */
  public static final Operation COMMIT = new Operation("commit");

  /** Rolls a prepared database branch, or a workflow's step, back. */
  public static final Operation ROLLBACK = new Operation("rollback");

  /** Asks the sender of a message whether its local transaction committed. */
  public static final Operation CHECK_BACK = new Operation("msg");
}
