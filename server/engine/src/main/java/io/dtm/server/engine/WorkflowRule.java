package io.dtm.server.engine;

/** Every way a workflow can go on. */
enum WorkflowRule implements Rule {
  /** The client may have stopped on its way: ask it to go on. */
  RESUME,
  /** The client is at it. */
  AWAIT_RESUME,
  /** The client has answered, but not yet reported the end. */
  PAUSE,
  /** Likewise, and a limit of the retry policy is reached. */
  PARK,
  /** Nobody can be asked: the client gave no address. */
  NOBODY_TO_ASK,
  /** Nothing left to do. */
  ENDED
}
