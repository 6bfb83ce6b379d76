package io.dtm.protocol;

/** The five statuses of a global transaction; a branch uses the first and the last two. */
public final class Statuses {
  public static final String PREPARED = "prepared";
  public static final String SUBMITTED = "submitted";
  public static final String ABORTING = "aborting";
  public static final String SUCCEED = "succeed";
  public static final String FAILED = "failed";

  private Statuses() {}
}
