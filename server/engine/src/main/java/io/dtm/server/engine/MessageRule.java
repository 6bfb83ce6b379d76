package io.dtm.server.engine;

/** Every way a message can go on. */
enum MessageRule implements Rule {
  /** The sender has yet to submit or abort it. */
  WAITS_FOR_SUBMIT,
  /** The sender did neither in time: ask it what became of its local transaction. */
  CHECK_BACK,
  /** That question is running. */
  AWAIT_CHECK_BACK,
  /** The sender's transaction committed. */
  COMMITTED,
  /** The sender's transaction did not commit, and never will. */
  ROLLED_BACK,
  /** The sender could not tell. */
  PAUSE_CHECK_BACK,
  /** Likewise, and a limit of the retry policy is reached. */
  PARK_CHECK_BACK,
  /** Nobody can be asked: the sender gave no address. */
  NOBODY_TO_ASK,
  /** Its time has not come. */
  DELAYED,
  /** Some actions are to be called. */
  CALL_ACTIONS,
  /** They are running. */
  AWAIT_ACTIONS,
  /** Some action gave no clear answer, or is still at work. */
  PAUSE,
  /** Likewise, and a limit of the retry policy is reached. */
  PARK,
  /** Every action succeeded. */
  FINISH,
  /** Nothing left to do. */
  ENDED
}
