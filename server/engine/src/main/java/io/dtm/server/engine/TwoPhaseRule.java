package io.dtm.server.engine;

/** Every way a transaction with try and confirm, or prepare and commit, can go on. */
enum TwoPhaseRule implements Rule {
  /** The client has yet to submit or abort it. */
  WAITS_FOR_SUBMIT,
  /** The client did neither in time. */
  TURN_BACK_TIMED_OUT,
  /** A branch is to be confirmed or committed. */
  CALL_FORWARD,
  /** That call is running. */
  AWAIT_FORWARD,
  /** That call was not clearly answered. */
  PAUSE_FORWARD,
  /** Likewise, and a limit of the retry policy is reached. */
  PARK_FORWARD,
  /** Every branch is confirmed. */
  FINISH_FORWARD,
  /** A branch is to be cancelled or rolled back. */
  CALL_BACKWARD,
  /** That call is running. */
  AWAIT_BACKWARD,
  /** That call was not clearly answered. */
  PAUSE_BACKWARD,
  /** Likewise, and a limit of the retry policy is reached. */
  PARK_BACKWARD,
  /** Every branch is cancelled. */
  FINISH_BACKWARD,
  /** Nothing left to do. */
  ENDED
}
