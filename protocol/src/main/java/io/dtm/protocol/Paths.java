package io.dtm.protocol;

/** Where the server listens. */
public final class Paths {
  /** Where the REST edge begins; as participants are told it, behind the manager's address. */
  public static final String ROOT = "/api/dtmsvr";

  public static final String VERSION = "/api/dtmsvr/version";
  public static final String NEW_GID = "/api/dtmsvr/newGid";
  public static final String PREPARE = "/api/dtmsvr/prepare";
  public static final String SUBMIT = "/api/dtmsvr/submit";
  public static final String ABORT = "/api/dtmsvr/abort";
  public static final String FORCE_STOP = "/api/dtmsvr/forceStop";
  public static final String RESET_NEXT_CRON_TIME = "/api/dtmsvr/resetNextCronTime";
  public static final String REGISTER_BRANCH = "/api/dtmsvr/registerBranch";

  /** Alias of {@link #REGISTER_BRANCH} used by old clients. */
  public static final String REGISTER_TCC_BRANCH = "/api/dtmsvr/registerTccBranch";

  /** Alias of {@link #REGISTER_BRANCH} used by old clients. */
  public static final String REGISTER_XA_BRANCH = "/api/dtmsvr/registerXaBranch";

  public static final String PREPARE_WORKFLOW = "/api/dtmsvr/prepareWorkflow";

  /** Ours: a workflow's client has it tried no more until somebody has looked at it. */
  public static final String PARK_WORKFLOW = "/api/dtmsvr/parkWorkflow";

  public static final String QUERY = "/api/dtmsvr/query";
  public static final String ALL = "/api/dtmsvr/all";
  public static final String RESET_CRON_TIME = "/api/dtmsvr/resetCronTime";

  /** Ours: has parked transactions go on. */
  public static final String RESUME_PARKED = "/api/dtmsvr/resumeParked";

  public static final String SUBSCRIBE = "/api/dtmsvr/subscribe";
  public static final String UNSUBSCRIBE = "/api/dtmsvr/unsubscribe";

  /** Followed by a slash and the topic's name. */
  public static final String TOPIC = "/api/dtmsvr/topic";

  public static final String SCAN_KV = "/api/dtmsvr/scanKV";
  public static final String QUERY_KV = "/api/dtmsvr/queryKV";

  /** Ours alone: the servers that share the store. */
  public static final String NODES = "/api/dtmsvr/nodes";

  public static final String JSON_RPC = "/api/json-rpc";
  public static final String METRICS = "/api/metrics";
  public static final String PING = "/api/ping";

  private Paths() {}
}
