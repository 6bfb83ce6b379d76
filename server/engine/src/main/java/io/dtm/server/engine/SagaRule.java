package io.dtm.server.engine;

/** Every way a saga can go on. */
enum SagaRule implements Rule {
  /** Only prepared: the client has yet to submit it. */
  WAITS_FOR_SUBMIT,
  /** Some actions are free to run. */
  CALL_ACTIONS,
  /** All free actions are running. */
  AWAIT_ACTIONS,
  /** A reason to turn back is known, but actions still run: compensation must not overtake them. */
  AWAIT_BEFORE_TURNING_BACK,
  /** A participant refused its action. */
  TURN_BACK_REFUSED,
  /** The saga is older than its time-out. */
  TURN_BACK_TIMED_OUT,
  /** An action failed more often than the saga allows. */
  TURN_BACK_RETRIES_SPENT,
  /** Some action gave no clear answer, or is still at work. */
  PAUSE_FORWARD,
  /** Likewise, and a limit of the retry policy is reached. */
  PARK_FORWARD,
  /** Every action succeeded. */
  FINISH_FORWARD,
  /** Some compensations are free to run. */
  CALL_COMPENSATIONS,
  /** All free compensations are running. */
  AWAIT_COMPENSATIONS,
  /** Some compensation gave no clear answer, or is still at work. */
  PAUSE_BACKWARD,
  /** Likewise, and a limit of the retry policy is reached. */
  PARK_BACKWARD,
  /** Everything that may have run is undone. */
  FINISH_BACKWARD,
  /** Nothing left to do. */
  ENDED
}
