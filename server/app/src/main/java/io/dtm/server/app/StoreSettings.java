package io.dtm.server.app;

import io.dtm.server.engine.RetentionPeriods;
import io.dtm.server.stores.StoreConfig;
import io.dtm.server.stores.StoreTuning;
import io.dtm.server.stores.StoreUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the settings of the store: the reference's keys, or one URL. */
final class StoreSettings {
  static final String ROCKSDB = "rocksdb";

  /** The reference's embedded store: whoever asks for it gets ours. */
  private static final String BOLTDB = "boltdb";

  private static final String MEMORY = "memory";
  private static final String MYSQL = "mysql";
  private static final String POSTGRES = "postgres";
  private static final String SQL_SERVER = "sqlserver";
  private static final String REDIS = "redis";
  private static final String MONGODB = "mongodb";

  static final List<String> DRIVERS =
      List.of(ROCKSDB, BOLTDB, MEMORY, MYSQL, POSTGRES, SQL_SERVER, REDIS, MONGODB);

  /** Writers, the scan for what is due, and somebody who asks. */
  static final int CONNECTIONS_MIN = 4;

  private final EffectiveSettings settings;

  StoreSettings(EffectiveSettings settings) {
    this.settings = settings;
  }

  /**
   * The store.
   *
   * @throws IllegalArgumentException when the settings name none
   */
  StoreConfig store() {
    var url = settings.text(Settings.STORE_URL);
    var store = url.isEmpty() ? byDriver() : StoreUrl.parse(url);
    return tuning(retention(store)).applyTo(store);
  }

  private StoreConfig byDriver() {
    var driver = settings.text(Settings.STORE_DRIVER);
    return switch (driver) {
      case MEMORY -> new StoreConfig.Memory();
      case ROCKSDB, BOLTDB -> new StoreConfig.RocksDb(folder());
      // The reference's driver fetches the server's key for the password, and uses no TLS.
      case MYSQL ->
          StoreUrl.parse(url(driver, 3306) + "?sslMode=disable&allowPublicKeyRetrieval=true");
      case POSTGRES -> {
        var schema = settings.text(Settings.STORE_SCHEMA);
        yield StoreUrl.parse(
            url(driver, 5432) + "?schema=" + (schema.equals("public") ? "" : schema));
      }
      case SQL_SERVER -> StoreUrl.parse(url(driver, 1433));
      case MONGODB -> StoreUrl.parse(url(driver, 27017));
      default -> StoreUrl.parse(redisUrl());
    };
  }

  private Path folder() {
    try {
      return Path.of(settings.text(Settings.STORE_DATA_DIR));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not a path: " + e.getReason(), e);
    }
  }

  private String url(String scheme, int usualPort) {
    return "%s://%s%s/%s"
        .formatted(scheme, credentials(), hosts(usualPort), settings.text(Settings.STORE_DB));
  }

  private String redisUrl() {
    var server = "redis://%s%s".formatted(credentials(), hosts(6379));
    var prefix = settings.text(Settings.STORE_REDIS_PREFIX);
    return prefix.equals(Settings.STORE_REDIS_PREFIX.defaultValue())
        ? server
        : "%s?prefix=%s:".formatted(server, prefix.replaceAll("[{}]", ""));
  }

  private String credentials() {
    var user = encoded(settings.text(Settings.STORE_USER));
    var password = encoded(settings.text(Settings.STORE_PASSWORD));
    if (user.isEmpty() && password.isEmpty()) {
      return "";
    }
    return password.isEmpty() ? user + "@" : user + ":" + password + "@";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String hosts(int usualPort) {
    var host = settings.text(Settings.STORE_HOST);
    if (host.isEmpty()) {
      throw new IllegalArgumentException(
          "no Store.Host (expected: the host of the %s server)"
              .formatted(settings.text(Settings.STORE_DRIVER)));
    }
    int port = settings.number(Settings.STORE_PORT);
    var suffix = ":" + (port == 0 ? usualPort : port);
    return Arrays.stream(host.split(",", -1))
        .map(String::strip)
        .map(each -> each.contains(":") ? each : each + suffix)
        .collect(Collectors.joining(","));
  }

  private StoreTuning tuning(RetentionPeriods retention) {
    int connections = settings.number(Settings.STORE_MAX_OPEN_CONNS);
    return new StoreTuning(
        connections,
        Math.min(connections, settings.number(Settings.STORE_MAX_IDLE_CONNS)),
        Duration.ofMinutes(settings.number(Settings.STORE_CONN_MAX_LIFE_TIME)),
        settings.seconds(Settings.STORE_CONNECT_TIMEOUT),
        settings.seconds(Settings.STORE_REQUEST_TIMEOUT),
        settings.number(Settings.STORE_REDIS_REPLICAS),
        retention.succeeded(),
        retention.failed());
  }

  /** How long finished transactions are kept in that store. */
  RetentionPeriods retention(StoreConfig store) {
    var succeeded =
        settings.seconds(
            store instanceof StoreConfig.Redis
                ? Settings.STORE_FINISHED_DATA_EXPIRE
                : Settings.STORE_DATA_EXPIRE);
    var failed = settings.seconds(Settings.STORE_FAILED_DATA_EXPIRE);
    return new RetentionPeriods(succeeded, failed.isNegative() ? succeeded : failed);
  }

  /** How many group commits may run at once. */
  int writers(StoreConfig store) {
    int writers = settings.number(Settings.STORE_WRITERS);
    return writers == 0 ? store.writers() : writers;
  }
}
