package io.dtm.workflow;

/**
 * The manager answered that it does not take a step or an end of this workflow: it has ended
 * meanwhile, or another run is ahead of this one.
 */
final class NotRecorded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotRecorded(String message) {
    super(message);
  }
}
