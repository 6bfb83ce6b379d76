package io.dtm.protocol;

/**
 * Error texts that clients and operators know by heart. Those with {@code %s} are format strings.
 */
public final class Messages {
  /** Arguments: status. */
  public static final String CANNOT_PREPARE = "current status '%s', cannot prepare. FAILURE";

  /** Arguments: status. The misspelling is part of the protocol. */
  public static final String CANNOT_SUBMIT = "current status '%s', cannot sumbmit. FAILURE";

  /** Arguments: stored transaction type, status. */
  public static final String CANNOT_ABORT =
      "trans type: '%s' current status '%s', cannot abort. FAILURE";

  /** Arguments: status. */
  public static final String CANNOT_FORCE_STOP =
      "global transaction force stop error. status: %s. error: FAILURE";

  /** Ours. Arguments: status. */
  public static final String CANNOT_PARK = "current status '%s', cannot park. FAILURE";

  /** Arguments: gid. */
  public static final String UNKNOWN_GID = "no TransGlobal with gid: %s found";

  /** Arguments: gid. */
  public static final String NO_PREPARED_TRANSACTION =
      "no trans with gid: %s status: prepared found FAILURE";

  /** Stands before a type of transaction that has no such operation. Spelled as clients know it. */
  public static final String UNKNOWN_TRANS_TYPE = "unknow trans type";

  public static final String TOPIC_NOT_FOUND = "topic not found";
  public static final String EMPTY_TOPIC = "empty topic";
  public static final String EMPTY_URL = "empty url";
  public static final String URL_EXISTS = "this url exists";
  public static final String NO_SUCH_TOPIC = "no such a topic";
  public static final String TOPIC_IS_EMPTY = "this topic is empty";

  /** The blank at its end is part of the protocol. */
  public static final String NO_SUCH_URL = "no such an url ";

  public static final String STORAGE_NOT_FOUND = "storage: NotFound";

  public static final String NO_GID = "no gid specified";
  public static final String WAIT_RESULT_NOT_SUCCESS = "wait result not return success: FAILURE";

  /** Ends the reason of every refusal. */
  public static final String FAILURE_SUFFIX = " " + Results.FAILURE;

  /**
   * Stands before a participant's answer that is neither success nor, where it may be one, a
   * refusal.
   */
  public static final String RESULT_NOT_SPECIFIED =
      """
      your http/grpc result should be specified as in:
      http://d.dtm.pub/practice/arch.html#proto
      unkown result will be retried: \
      """;

  /** Arguments: whole seconds. */
  public static final String TIMED_OUT = "Timeout after %s seconds";

  /** Arguments: retry limit. */
  public static final String RETRIES_EXHAUSTED =
      "RetryCount is greater than RetryLimit, RetryLimit: %s";

  /** Arguments: URL, answer of the participant, which ends in {@link #FAILURE_SUFFIX}. */
  public static final String BRANCH_REFUSED = "url:%s return failed: %s";

  /** Body of an unknown path, in plain text. */
  public static final String PAGE_NOT_FOUND = "404 page not found";

  private Messages() {}
}
