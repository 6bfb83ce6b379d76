package io.dtm.protocol;

/**
 * Ours: how the name of a workflow's step stands before what is recorded of it, as a first line.
 * The wire has no other place for it that comes back with the progresses.
 */
public final class StepNames {
  /** Followed by the name, a line feed, and the result as it stands. */
  public static final String PREFIX = "dtm-step:";

  /** Followed by the name, a line feed, and the result in base64, for it is no text. */
  public static final String PREFIX_BASE64 = "dtm-step-base64:";

  private StepNames() {}
}
