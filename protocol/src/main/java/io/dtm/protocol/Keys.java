package io.dtm.protocol;

/** Names of JSON members and query parameters. */
public final class Keys {
  public static final String DTM_RESULT = "dtm_result";
  public static final String MESSAGE = "message";

  public static final String ID = "id";
  public static final String CREATE_TIME = "create_time";
  public static final String UPDATE_TIME = "update_time";
  public static final String GID = "gid";
  public static final String TRANS_TYPE = "trans_type";
  public static final String STEPS = "steps";
  public static final String ACTION = Operations.ACTION;
  public static final String COMPENSATE = Operations.COMPENSATE;
  public static final String CONFIRM = Operations.CONFIRM;
  public static final String CANCEL = Operations.CANCEL;

  /**
   * Payload of a branch; of a step as old clients send it, inside the step; and what a workflow is
   * called with.
   */
  public static final String DATA = "data";

  public static final String PAYLOADS = "payloads";
  public static final String STATUS = "status";
  public static final String QUERY_PREPARED = "query_prepared";
  public static final String PROTOCOL = "protocol";
  public static final String FINISH_TIME = "finish_time";
  public static final String ROLLBACK_TIME = "rollback_time";
  public static final String RESULT = "result";
  public static final String ROLLBACK_REASON = "rollback_reason";
  public static final String OPTIONS = "options";
  public static final String CUSTOM_DATA = "custom_data";
  public static final String NEXT_CRON_INTERVAL = "next_cron_interval";
  public static final String NEXT_CRON_TIME = "next_cron_time";
  public static final String OWNER = "owner";
  public static final String REQ_EXTRA = "req_extra";

  public static final String WAIT_RESULT = "wait_result";
  public static final String TIMEOUT_TO_FAIL = "timeout_to_fail";
  public static final String REQUEST_TIMEOUT = "request_timeout";
  public static final String RETRY_INTERVAL = "retry_interval";
  public static final String BRANCH_HEADERS = "branch_headers";
  public static final String CONCURRENT = "concurrent";
  public static final String RETRY_LIMIT = "retry_limit";
  public static final String RETRY_COUNT = "retry_count";

  /** Ours, like the next three: how a transaction is tried again, and when it is parked. */
  public static final String RETRY_FACTOR = "retry_factor";

  public static final String RETRY_MAX_INTERVAL = "retry_max_interval";
  public static final String RETRY_MAX_ATTEMPTS = "retry_max_attempts";
  public static final String RETRY_MAX_AGE = "retry_max_age";

  /** Ours: why a transaction is no longer tried, and since when. */
  public static final String PARKED_REASON = "parked_reason";

  public static final String PARKED_SINCE = "parked_since";

  /** In a saga's custom data: index of a step to the indexes of the steps before it. */
  public static final String ORDERS = "orders";

  /** In a message's custom data: seconds before its actions are called. */
  public static final String DELAY = "delay";

  /** In a workflow's custom data: which function. */
  public static final String NAME = "name";

  public static final String URL = "url";
  public static final String BIN_DATA = "bin_data";
  public static final String BRANCH_ID = "branch_id";
  public static final String OP = "op";

  /** Of a client's own calls of participants: where its manager is. */
  public static final String DTM = "dtm";

  /** Of a client's calls of XA branches: where their second phase is asked for. */
  public static final String PHASE2_URL = "phase2_url";

  public static final String BRANCHES = "branches";
  public static final String PROGRESSES = "progresses";
  public static final String TRANSACTION = "transaction";
  public static final String TRANSACTIONS = "transactions";
  public static final String NEXT_POSITION = "next_position";
  public static final String HAS_REMAINING = "has_remaining";
  public static final String SUCCEED_COUNT = "succeed_count";
  public static final String VERSION = "version";
  public static final String MSG = "msg";

  public static final String KV = "kv";
  public static final String CAT = "cat";
  public static final String K = "k";
  public static final String V = "v";
  public static final String KEY = "key";

  public static final String TOPIC = "topic";
  public static final String REMARK = "remark";

  /** Ours, of listings: only parked ones. */
  public static final String PARKED = "parked";

  public static final String DESTINATION = "destination";
  public static final String REASON_CONTAINS = "reason_contains";
  public static final String RATE = "rate";
  public static final String DRY_RUN = "dry_run";
  public static final String COUNT = "count";

  public static final String POSITION = "position";
  public static final String LIMIT = "limit";
  public static final String TIMEOUT = "timeout";

  /** The query parameters of listings are in camel case, unlike everything else. */
  public static final String TRANS_TYPE_PARAMETER = "transType";

  public static final String CREATE_TIME_START = "createTimeStart";
  public static final String CREATE_TIME_END = "createTimeEnd";

  /** Trace headers of W3C, which a transaction hands on to its branches. */
  public static final String TRACEPARENT = "traceparent";

  public static final String TRACESTATE = "tracestate";

  private Keys() {}
}
