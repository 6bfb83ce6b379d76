package io.dtm.server.core;

import java.time.Duration;

/**
 * Something that happened in the engine. Metrics, alerts and logs are made of these; the engine
 * itself knows nothing of them.
 */
public sealed interface EngineEvent {

  /** A transaction was stored for the first time. */
  record Created(GlobalTransaction transaction) implements EngineEvent {}

  /** A move to another status was stored. */
  record Moved(GlobalTransaction transaction, TransactionStatus from) implements EngineEvent {}

  /** A call of a branch ended. */
  record BranchCalled(BranchCall call, BranchResult result, Duration took) implements EngineEvent {}

  /**
   * A call ended unclear and will be repeated.
   *
   * @param retryNumber passes in a row, this one included, that ended with an unclear answer
   */
  record RetryScheduled(GlobalTransaction transaction, String url, String failure, int retryNumber)
      implements EngineEvent {}

  /**
   * A transaction has reached a limit of its retry policy: it is parked, and stays where it is
   * until somebody resumes it.
   *
   * @param url of the branch that did not go on, or of the client that was asked
   * @param failure what was heard of it last; empty when it was not called, or is still at work
   * @param parking why, and since when
   */
  record Parked(GlobalTransaction transaction, String url, String failure, Parking parking)
      implements EngineEvent {}

  /** A pass was given up because another node or an operator changed the transaction meanwhile. */
  record PassLost(GlobalTransaction transaction, String why) implements EngineEvent {}

  /**
   * A destination has not answered so many calls in a row; from now on it is only probed.
   *
   * @param lastCall the call that was one too many
   * @param lastFailure how that call ended
   */
  record DestinationSilent(
      String destination, int failures, BranchCall lastCall, String lastFailure)
      implements EngineEvent {}

  /**
   * A destination answers again; what waits for it is resumed.
   *
   * @param waiting transactions that this node knows to wait for it
   */
  record DestinationBack(String destination, Duration silentFor, int waiting)
      implements EngineEvent {}

  /** Something unexpected ended a pass or a background task; it will be tried again. */
  record Disturbed(String what, Throwable cause) implements EngineEvent {}
}
