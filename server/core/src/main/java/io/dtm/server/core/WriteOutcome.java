package io.dtm.server.core;

/** What came of a conditional write. Losing a race is an outcome, not an error. */
public sealed interface WriteOutcome {

  /** Written, and durable. */
  record Applied() implements WriteOutcome {}

  /**
   * Somebody was faster: nothing was written. {@code stored} is what is there: the taken gid, or
   * the newer version.
   */
  record Conflict(GlobalTransaction stored) implements WriteOutcome {}

  /**
   * Something is stored under the gid that this server cannot read: nothing was written.
   *
   * @param why which record it is, and what is wrong with it
   */
  record Unreadable(String why) implements WriteOutcome {}

  /** The transaction to update is not there: nothing was written. */
  record Missing() implements WriteOutcome {}

  /**
   * Somebody outside of the servers holds a lock on what was to be written: nothing was written,
   * and the same write is worth another try later.
   *
   * @param why which transaction it is, and what the store says of it
   */
  record Locked(String why) implements WriteOutcome {}

  /**
   * The store does not take this write, because it is too large for one: nothing was written, and
   * the same write will most likely be refused again.
   *
   * @param why which transaction it is, and what the store says of it
   */
  record Refused(String why) implements WriteOutcome {}
}
