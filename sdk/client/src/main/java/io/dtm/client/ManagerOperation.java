package io.dtm.client;

/** What a manager can be asked. */
public enum ManagerOperation {
  /** Starts a transaction, new or prepared; ends a workflow. */
  SUBMIT,
  /** Stores a transaction that waits for its submit. */
  PREPARE,
  /** Turns a prepared transaction back. */
  ABORT,
  /** Adds a branch to a prepared transaction, or a recorded step to a workflow. */
  REGISTER_BRANCH,
  /** Stores a workflow, or tells how far the one that is there got. */
  PREPARE_WORKFLOW,
  /** Has a workflow tried no more until an operator has looked at it; DTM itself cannot. */
  PARK_WORKFLOW,
  /** Tells how a transaction stands. */
  QUERY,
  /** Ends a transaction as failed where it stands. */
  FORCE_STOP,
  /** Has a transaction taken up now. */
  RETRY_NOW,
  /** Adds a subscriber to a topic. */
  SUBSCRIBE,
  /** Takes a subscriber off a topic. */
  UNSUBSCRIBE,
  /** Removes a topic with its subscribers. */
  DELETE_TOPIC
}
