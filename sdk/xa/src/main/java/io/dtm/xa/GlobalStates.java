package io.dtm.xa;

/** Knows how global transactions stand: asks the transaction manager. */
@FunctionalInterface
public interface GlobalStates {
  /**
   * How the transaction stands now.
   *
   * @throws RuntimeException when the manager does not answer; the branch is looked at again in the
   *     next sweep
   */
  State of(String gid);

  /** What a sweep has to know of a transaction. */
  enum State {
    /** The manager still works on it, and will end its branches by itself. */
    UNFINISHED,

    /** It has ended, and all its branches take effect. */
    SUCCEEDED,

    /** It has ended, and none of its branches takes effect. */
    FAILED,

    /** The manager has none of that gid: another manager's, or forgotten. */
    UNKNOWN
  }
}
