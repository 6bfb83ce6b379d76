package io.dtm.server.app;

import io.dtm.server.api.HttpEdgeConfig;
import io.dtm.server.api.grpc.GrpcEdgeConfig;
import io.dtm.server.app.Setting.Kind;
import io.dtm.server.app.SettingType.Choice;
import io.dtm.server.app.SettingType.Text;
import io.dtm.server.app.SettingType.WholeNumber;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.RetryPolicies;
import io.dtm.server.stores.StoreTuning;
import java.util.List;
import java.util.Optional;

/**
 * Every setting there is. The loader, the documentation and {@code dtm config} all read this table.
 */
public final class Settings {
  private static final StoreTuning STORE = StoreTuning.defaults();
  private static final EngineConfig ENGINE = EngineConfig.defaults();
  private static final DestinationLimits LIMITS = DestinationLimits.defaults();
  private static final int MAX = Integer.MAX_VALUE;
  private static final int PORT_MAX = 65_535;

  // How clients come in.
  static final Setting HTTP_PORT =
      shared(
          "HttpPort",
          new WholeNumber(0, PORT_MAX, ""),
          36_789,
          "port of the REST API; 0: any free one");
  static final Setting GRPC_PORT =
      shared(
          "GrpcPort",
          new WholeNumber(0, PORT_MAX, ""),
          36_790,
          "port of the gRPC API; 0: any free one");
  static final Setting BIND_HOST =
      own("BindHost", new Text(), "0.0.0.0", "address to listen on; 0.0.0.0: every interface");
  static final Setting MAX_BODY_BYTES =
      own(
          "MaxBodyBytes",
          new WholeNumber(1, 512 * 1024 * 1024, "bytes"),
          HttpEdgeConfig.BODY_BYTES_MAX_DEFAULT,
          "longest request body");
  static final Setting MAX_GRPC_MESSAGE_BYTES =
      own(
          "MaxGrpcMessageBytes",
          new WholeNumber(1, 512 * 1024 * 1024, "bytes"),
          GrpcEdgeConfig.MESSAGE_BYTES_MAX_DEFAULT,
          "longest request message of the gRPC API");
  static final Setting MAX_STEPS =
      own(
          "MaxSteps",
          new WholeNumber(1, MAX, ""),
          HttpEdgeConfig.STEPS_MAX_DEFAULT,
          "most steps of one transaction");
  static final Setting MAX_LIST_LIMIT =
      own(
          "MaxListLimit",
          new WholeNumber(1, MAX, ""),
          HttpEdgeConfig.LIST_MAX_DEFAULT,
          "most items of one page of a listing");
  static final Setting MAX_CONNECTIONS =
      own(
          "MaxConnections",
          new WholeNumber(1, MAX, ""),
          HttpEdgeConfig.CONNECTIONS_MAX_DEFAULT,
          "most client connections at a time, of each API; for a further one that which has been idle"
              + " for longest is closed; less where heap or open files are few");
  static final Setting MAX_CONCURRENT_REQUESTS =
      own(
          "MaxConcurrentRequests",
          new WholeNumber(1, MAX, ""),
          HttpEdgeConfig.REQUESTS_MAX_DEFAULT,
          "most requests in work at a time; further ones are answered with 503");
  static final Setting MAX_BYTES_IN_WORK =
      own(
          "MaxBytesInWork",
          new WholeNumber(0, MAX, "bytes"),
          0,
          "most bytes of requests, answers and transactions in work at a time; what would be more is"
              + " answered with 503; 0: a quarter of the heap");
  static final Setting TRANSFER_TIMEOUT =
      own(
          "TransferTimeout",
          seconds(1),
          (int) HttpEdgeConfig.TRANSFER_TIMEOUT_DEFAULT.toSeconds(),
          "time that a client may take to send a request, and again to take its answer");
  static final Setting IDLE_TIMEOUT =
      own(
          "IdleTimeout",
          seconds(1),
          (int) HttpEdgeConfig.IDLE_TIMEOUT_DEFAULT.toSeconds(),
          "time that a client connection may stay open without a request");
  static final Setting TIME_ZONE_OFFSET =
      shared(
          "TimeZoneOffset",
          new Text(),
          "",
          "hours between UTC and the times shown, such as +8; empty: the machine's time zone");

  // Rules of time and limits of the engine.
  static final Setting RETRY_INTERVAL =
      shared(
          "RetryInterval",
          seconds(1),
          (int) ENGINE.retryInterval().toSeconds(),
          "first pause before a retry, doubled with every unclear answer; at least 10");
  static final Setting RETRY_INTERVAL_MAX =
      own(
          "RetryIntervalMax",
          seconds(1),
          (int) ENGINE.retryIntervalMax().toSeconds(),
          "longest pause before a retry");
  static final Setting RETRY_FACTOR =
      own(
          "RetryFactor",
          new WholeNumber(1, RetryPolicy.FACTOR_MAX, ""),
          RetryPolicies.FACTOR_DEFAULT,
          "by which a pause is longer than the one before after an unclear answer; 1: it stays");
  static final Setting RETRY_MAX_ATTEMPTS =
      own(
          "RetryMaxAttempts",
          new WholeNumber(0, MAX, ""),
          0,
          "failed attempts in a row after which a transaction is parked; 0: it never is");
  static final Setting RETRY_MAX_AGE =
      own(
          "RetryMaxAge",
          seconds(0),
          0,
          "time without any progress after which a transaction is parked; 0: it never is");
  static final Setting RETRY_DESTINATIONS =
      own(
          "RetryDestinations",
          new Text(),
          "",
          "retry policies of destinations, such as payments:8080 attempts=20 age=86400;"
              + " *.partner.example:* interval=60 factor=1 max=600");
  static final Setting TIMEOUT_TO_FAIL =
      shared(
          "TimeoutToFail",
          seconds(1),
          (int) ENGINE.timeoutToFail().toSeconds(),
          "age at which an unsubmitted transaction is turned back or asked for; at least"
              + " RetryInterval");
  static final Setting REQUEST_TIMEOUT =
      shared(
          "RequestTimeout",
          seconds(1),
          (int) ENGINE.requestTimeout().toSeconds(),
          "time that one call of a branch may take");
  static final Setting TRANS_CRON_INTERVAL =
      shared(
          "TransCronInterval",
          seconds(1),
          (int) ENGINE.pollInterval().toSeconds(),
          "longest time between two looks for what other servers left behind");
  static final Setting MAX_RUNNING_SUBMISSIONS =
      own(
          "MaxRunningSubmissions",
          new WholeNumber(1, MAX, ""),
          ENGINE.submissionsMax(),
          "transactions worked on at once because they were submitted; further submits are"
              + " answered with 503");
  static final Setting MAX_RUNNING_RETRIES =
      own(
          "MaxRunningRetries",
          new WholeNumber(1, MAX, ""),
          ENGINE.retriesMax(),
          "transactions worked on at once because they fell due; further ones wait in the store");
  static final Setting CONFIG_UPDATE_INTERVAL =
      shared(
          "ConfigUpdateInterval",
          seconds(0),
          3,
          "time after which a change of a topic on another server is seen here at the latest");
  static final Setting DRAIN_TIMEOUT =
      own(
          "DrainTimeout",
          seconds(0),
          10,
          "time that running requests and transactions get to come to rest when the server is"
              + " stopped");

  // How participants are called, and who hears of failures.
  static final Setting MAX_CALLS_PER_DESTINATION =
      own(
          "MaxCallsPerDestination",
          new WholeNumber(1, MAX, ""),
          LIMITS.callsMax(),
          "calls of branches that may run at once for one host and port");
  static final Setting MAX_WAITING_CALLS_PER_DESTINATION =
      own(
          "MaxWaitingCallsPerDestination",
          new WholeNumber(0, MAX, ""),
          LIMITS.callsWaitingMax(),
          "further calls that may wait for their turn; beyond it a call is made later");
  static final Setting MAX_FAILURES_PER_DESTINATION =
      own(
          "MaxFailuresPerDestination",
          new WholeNumber(0, MAX, ""),
          LIMITS.failuresMax(),
          "calls in a row without an answer (none in time, no connection, 502, 503, 504) after"
              + " which a destination is only probed until it answers; 0: never");
  static final Setting PROBE_INTERVAL =
      own(
          "ProbeInterval",
          seconds(1),
          (int) LIMITS.probeInterval().toSeconds(),
          "time between two calls of a destination that does not answer");
  static final Setting MAX_WAITING_TRANSACTIONS =
      own(
          "MaxWaitingTransactions",
          new WholeNumber(0, MAX, ""),
          LIMITS.waitingMax(),
          "transactions that are resumed as soon as their destination is back; further ones wait"
              + " for their due time");
  static final Setting MAX_DESTINATIONS =
      own(
          "MaxDestinations",
          new WholeNumber(1, MAX, ""),
          LIMITS.rememberedMax(),
          "destinations that are remembered while nobody calls them");
  static final Setting ALERT_RETRY_LIMIT =
      shared(
          "AlertRetryLimit",
          new WholeNumber(0, MAX, ""),
          3,
          "first retry in a row that is reported");
  static final Setting ALERT_WEB_HOOK =
      new Setting(
          "AlertWebHook",
          new Text(),
          "",
          "URL to which failing branches are reported; empty: nowhere",
          Kind.SHARED_SECRET);

  // The store.
  static final Setting STORE_DRIVER =
      shared(
          "Store.Driver",
          new Choice(StoreSettings.DRIVERS, ""),
          StoreSettings.ROCKSDB,
          "where transactions are kept: rocksdb (embedded and durable; boltdb is another name for"
              + " it), memory (lost with the process) or a database server");
  static final Setting STORE_URL =
      new Setting(
          "Store.Url",
          new Text(),
          "",
          "the store in one text, such as postgres://user:password@host/dtm?sslmode=verify-full;"
              + " takes the place of Driver, DataDir, Host, Port, User, Password, Db and Schema",
          Kind.OWN_SECRET);
  static final Setting STORE_DATA_DIR =
      own("Store.DataDir", new Text(), "./dtm-data", "folder of the embedded store");
  static final Setting STORE_HOST =
      shared(
          "Store.Host",
          new Text(),
          "",
          "host of the database server; several with commas between them, each with its port: a"
              + " Redis cluster");
  static final Setting STORE_PORT =
      shared(
          "Store.Port",
          new WholeNumber(0, PORT_MAX, ""),
          0,
          "port of the database server; 0: the usual one");
  static final Setting STORE_USER =
      shared("Store.User", new Text(), "", "user of the database server");
  static final Setting STORE_PASSWORD =
      new Setting("Store.Password", new Text(), "", "password of that user", Kind.SHARED_SECRET);
  static final Setting STORE_DB =
      shared("Store.Db", new Text(), "dtm", "database on an SQL server or MongoDB; it must exist");
  static final Setting STORE_SCHEMA =
      shared(
          "Store.Schema",
          new Text(),
          "public",
          "schema of the tables in PostgreSQL; made if it is not there");
  static final Setting STORE_MAX_OPEN_CONNS =
      shared(
          "Store.MaxOpenConns",
          new WholeNumber(StoreSettings.CONNECTIONS_MIN, MAX, ""),
          STORE.connectionsMax(),
          "most connections to an SQL server");
  static final Setting STORE_MAX_IDLE_CONNS =
      shared(
          "Store.MaxIdleConns",
          new WholeNumber(0, MAX, ""),
          STORE.connectionsIdle(),
          "most of them that are kept open while there is nothing to do");
  static final Setting STORE_CONN_MAX_LIFE_TIME =
      shared(
          "Store.ConnMaxLifeTime",
          new WholeNumber(1, MAX, "min"),
          STORE.connectionLifetime().toMinutes(),
          "age at which such a connection is replaced");
  static final Setting STORE_CONNECT_TIMEOUT =
      own(
          "Store.ConnectTimeout",
          seconds(1),
          STORE.connectTimeout().toSeconds(),
          "time that a request may wait for a connection to the database server");
  static final Setting STORE_REQUEST_TIMEOUT =
      own(
          "Store.RequestTimeout",
          seconds(1),
          STORE.requestTimeout().toSeconds(),
          "time that the database server may take to answer; after it the outcome is unknown");
  static final Setting STORE_WRITERS =
      own(
          "Store.Writers",
          new WholeNumber(0, 64, ""),
          0,
          "group commits that may run at once; 0: what suits the store");
  static final Setting STORE_REDIS_PREFIX =
      shared(
          "Store.RedisPrefix",
          new Text(),
          "{a}",
          "what the keys in Redis begin with; braces are taken off, because keys are spread over all"
              + " slots; {a}: dtm");
  static final Setting STORE_REDIS_REPLICAS =
      own(
          "Store.RedisReplicas",
          new WholeNumber(0, 10, ""),
          0,
          "replicas of Redis that must have a write before it is acknowledged");
  static final Setting STORE_DATA_EXPIRE =
      shared(
          "Store.DataExpire",
          seconds(0),
          (int) ENGINE.retention().succeeded().toSeconds(),
          "time that finished transactions are kept in all stores but Redis; 0: for ever");
  static final Setting STORE_FINISHED_DATA_EXPIRE =
      shared(
          "Store.FinishedDataExpire",
          seconds(0),
          86_400,
          "time that finished transactions are kept in Redis; 0: for ever");
  static final Setting STORE_FAILED_DATA_EXPIRE =
      own(
          "Store.FailedDataExpire",
          seconds(-1),
          -1,
          "time that failed transactions are kept; 0: for ever, -1: as long as succeeded ones");

  // Logging.
  static final Setting LOG_LEVEL =
      shared(
          "LogLevel",
          new Choice(List.of("debug", "info", "warn", "error"), ""),
          "info",
          "least important messages that are logged");
  static final Setting LOG_OUTPUTS =
      shared(
          "Log.Outputs",
          new Text(),
          "stderr",
          "where the log goes: stderr, stdout or files, with commas between them");

  // Discovery.
  static final Setting MICRO_SERVICE_DRIVER =
      shared(
          "MicroService.Driver",
          new Choice(List.of("default"), "service discovery is not available in this version"),
          "default",
          "how names of services are resolved");

  private static final String DISCOVERY = "only with service discovery";
  private static final String NEVER_USED = "not used by DTM either";

  private static final List<Setting> ALL =
      List.of(
          HTTP_PORT,
          GRPC_PORT,
          BIND_HOST,
          MAX_BODY_BYTES,
          MAX_GRPC_MESSAGE_BYTES,
          MAX_STEPS,
          MAX_LIST_LIMIT,
          MAX_CONNECTIONS,
          MAX_CONCURRENT_REQUESTS,
          MAX_BYTES_IN_WORK,
          TRANSFER_TIMEOUT,
          IDLE_TIMEOUT,
          TIME_ZONE_OFFSET,
          RETRY_INTERVAL,
          RETRY_INTERVAL_MAX,
          RETRY_FACTOR,
          RETRY_MAX_ATTEMPTS,
          RETRY_MAX_AGE,
          RETRY_DESTINATIONS,
          TIMEOUT_TO_FAIL,
          REQUEST_TIMEOUT,
          TRANS_CRON_INTERVAL,
          MAX_RUNNING_SUBMISSIONS,
          MAX_RUNNING_RETRIES,
          CONFIG_UPDATE_INTERVAL,
          DRAIN_TIMEOUT,
          MAX_CALLS_PER_DESTINATION,
          MAX_WAITING_CALLS_PER_DESTINATION,
          MAX_FAILURES_PER_DESTINATION,
          PROBE_INTERVAL,
          MAX_WAITING_TRANSACTIONS,
          MAX_DESTINATIONS,
          ALERT_RETRY_LIMIT,
          ALERT_WEB_HOOK,
          STORE_DRIVER,
          STORE_URL,
          STORE_DATA_DIR,
          STORE_HOST,
          STORE_PORT,
          STORE_USER,
          STORE_PASSWORD,
          STORE_DB,
          STORE_SCHEMA,
          STORE_MAX_OPEN_CONNS,
          STORE_MAX_IDLE_CONNS,
          STORE_CONN_MAX_LIFE_TIME,
          STORE_CONNECT_TIMEOUT,
          STORE_REQUEST_TIMEOUT,
          STORE_WRITERS,
          STORE_REDIS_PREFIX,
          STORE_REDIS_REPLICAS,
          STORE_DATA_EXPIRE,
          STORE_FINISHED_DATA_EXPIRE,
          STORE_FAILED_DATA_EXPIRE,
          LOG_LEVEL,
          LOG_OUTPUTS,
          MICRO_SERVICE_DRIVER,
          withoutEffect("JsonRpcPort", new WholeNumber(0, PORT_MAX, ""), "36791", NEVER_USED),
          withoutEffect("MicroService.Target", new Text(), "", DISCOVERY),
          withoutEffect("MicroService.EndPoint", new Text(), "", DISCOVERY),
          withoutEffect("HttpMicroService.Driver", new Text(), "default", NEVER_USED),
          withoutEffect("HttpMicroService.RegistryType", new Text(), "", NEVER_USED),
          withoutEffect("HttpMicroService.RegistryAddress", new Text(), "", NEVER_USED),
          withoutEffect("HttpMicroService.RegistryOptions", new Text(), "{}", NEVER_USED),
          withoutEffect("HttpMicroService.Target", new Text(), "", NEVER_USED),
          withoutEffect("HttpMicroService.EndPoint", new Text(), "", NEVER_USED),
          withoutEffect(
              "UpdateBranchSync",
              new WholeNumber(0, MAX, ""),
              "1",
              "results of branches are always stored in groups, and none is ever lost"),
          withoutEffect(
              "UpdateBranchAsyncGoroutineNum",
              new WholeNumber(0, MAX, ""),
              "1",
              "there are no such workers"),
          withoutEffect(
              "Log.RotationEnable",
              new WholeNumber(0, MAX, ""),
              "0",
              "log files are not rotated; use the system's means"),
          withoutEffect(
              "Log.RotationConfigJSON",
              new Text(),
              "{}",
              "log files are not rotated; use the system's means"),
          withoutEffect(
              "AdminBasePath", new Text(), "", "this version has no administration console"),
          withoutEffect(
              "GrpcServiceConfig",
              new Text(),
              "{\"loadBalancingConfig\": [{\"round_robin\":{}}]}",
              "calls over gRPC always go round robin over the addresses of a name"));

  private Settings() {}

  /** The whole table, in the order of the documentation. */
  public static List<Setting> all() {
    return ALL;
  }

  static Optional<Setting> find(String key) {
    return ALL.stream().filter(setting -> setting.key().equals(key)).findFirst();
  }

  private static WholeNumber seconds(int min) {
    return new WholeNumber(min, MAX, "s");
  }

  private static Setting shared(String key, SettingType type, Object value, String description) {
    return new Setting(key, type, value.toString(), description, Kind.SHARED);
  }

  private static Setting own(String key, SettingType type, Object value, String description) {
    return new Setting(key, type, value.toString(), description, Kind.OWN);
  }

  private static Setting withoutEffect(String key, SettingType type, String value, String why) {
    return new Setting(key, type, value, why, Kind.WITHOUT_EFFECT);
  }
}
