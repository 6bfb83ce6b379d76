package io.dtm.protocol;

/**
 * The result words. A participant's answer is recognised by the mere occurrence of one of them, so
 * no other text may contain them.
 */
public final class Results {
  public static final String SUCCESS = "SUCCESS";

  /** Refused for good; goes with HTTP 409. */
  public static final String FAILURE = "FAILURE";

  /** Not decided yet, ask again; goes with HTTP 425. */
  public static final String ONGOING = "ONGOING";

  /** Known to client libraries only: a barrier has seen this call before. */
  public static final String DUPLICATED = "DUPLICATED";

  private Results() {}
}
