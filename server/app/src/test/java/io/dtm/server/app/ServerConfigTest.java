package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.RetentionPeriods;
import io.dtm.server.engine.RetryPolicies;
import io.dtm.server.engine.RetryPolicies.ForDestination;
import io.dtm.server.stores.StoreConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigTest {
  private static ServerConfig config(Map<String, String> environment) {
    return ServerConfig.from(SettingsLoader.load(Optional.empty(), environment), environment);
  }

  @Test
  void withoutAnySettingEachPartHasItsOwnDefaults() {
    var config = config(Map.of());

    assertThat(config.engine()).isEqualTo(EngineSettings.defaults());
    assertThat(config.engine().toEngineConfig()).isEqualTo(EngineConfig.defaults());
    assertThat(config.branch()).isEqualTo(BranchConfig.defaults());
    assertThat(config.log()).isEqualTo(LogConfig.defaults());
    assertThat(config.store()).isEqualTo(new StoreConfig.RocksDb(Path.of("./dtm-data")));
    assertThat(config.alert().url()).isEmpty();
    assertThat(config.http().port()).isEqualTo(36_789);
    assertThat(config.http().zone()).isEqualTo(ZoneId.systemDefault());
    assertThat(config.http().version()).isEqualTo(Version.current());
    assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void everySettingReachesItsPart() {
    var environment =
        Map.ofEntries(
            Map.entry("HTTP_PORT", "1001"),
            Map.entry("BIND_HOST", "127.0.0.1"),
            Map.entry("MAX_BODY_BYTES", "1002"),
            Map.entry("MAX_STEPS", "1003"),
            Map.entry("MAX_LIST_LIMIT", "1004"),
            Map.entry("MAX_CONNECTIONS", "1005"),
            Map.entry("MAX_CONCURRENT_REQUESTS", "1006"),
            Map.entry("TRANSFER_TIMEOUT", "1007"),
            Map.entry("IDLE_TIMEOUT", "1008"),
            Map.entry("TIME_ZONE_OFFSET", "+8"),
            Map.entry("RETRY_INTERVAL", "11"),
            Map.entry("RETRY_INTERVAL_MAX", "12"),
            Map.entry("RETRY_FACTOR", "3"),
            Map.entry("RETRY_MAX_ATTEMPTS", "4"),
            Map.entry("RETRY_MAX_AGE", "5"),
            Map.entry("RETRY_DESTINATIONS", "Bank:80 attempts=6; *.far:* interval=60 age=7"),
            Map.entry("TIMEOUT_TO_FAIL", "13"),
            Map.entry("REQUEST_TIMEOUT", "14"),
            Map.entry("TRANS_CRON_INTERVAL", "15"),
            Map.entry("MAX_RUNNING_SUBMISSIONS", "16"),
            Map.entry("MAX_RUNNING_RETRIES", "17"),
            Map.entry("STORE_DATA_EXPIRE", "18"),
            Map.entry("DRAIN_TIMEOUT", "19"),
            Map.entry("MAX_CALLS_PER_DESTINATION", "20"),
            Map.entry("MAX_WAITING_CALLS_PER_DESTINATION", "30"),
            Map.entry("MAX_FAILURES_PER_DESTINATION", "31"),
            Map.entry("PROBE_INTERVAL", "32"),
            Map.entry("MAX_WAITING_TRANSACTIONS", "33"),
            Map.entry("MAX_DESTINATIONS", "21"),
            Map.entry("ALERT_RETRY_LIMIT", "22"),
            Map.entry("ALERT_WEB_HOOK", "http://chat/hook"),
            Map.entry("STORE_DRIVER", "boltdb"),
            Map.entry("STORE_DATA_DIR", "/data"),
            Map.entry("LOG_LEVEL", "warn"),
            Map.entry("LOG_OUTPUTS", "stdout, /var/log/dtm.log"),
            Map.entry("IS_DOCKER", "1"),
            Map.entry("HTTP_PROXY", "proxy:3128"));

    var config = config(environment);

    var http = config.http();
    assertThat(List.of(http.port(), http.bodyBytesMax(), http.stepsMax(), http.listMax()))
        .containsExactly(1001, 1002, 1003, 1004);
    assertThat(List.of(http.connectionsMax(), http.requestsMax())).containsExactly(1005, 1006);
    assertThat(List.of(http.transferTimeout(), http.idleTimeout(), http.timeoutToFail()))
        .containsExactly(
            Duration.ofSeconds(1007), Duration.ofSeconds(1008), Duration.ofSeconds(13));
    assertThat(http.bindHost()).isEqualTo("127.0.0.1");
    assertThat(http.zone()).isEqualTo(ZoneOffset.ofHours(8));
    assertThat(config.engine())
        .isEqualTo(
            new EngineSettings(
                Duration.ofSeconds(11),
                Duration.ofSeconds(12),
                Duration.ofSeconds(13),
                Duration.ofSeconds(14),
                Duration.ofSeconds(15),
                16,
                17,
                RetentionPeriods.same(Duration.ofSeconds(18)),
                1,
                new RetryPolicies(
                    new RetryPolicy(Duration.ZERO, 3, Duration.ZERO, 4, Duration.ofSeconds(5)),
                    List.of(
                        new ForDestination(
                            "bank:80",
                            new RetryPolicy(Duration.ZERO, 0, Duration.ZERO, 6, Duration.ZERO)),
                        new ForDestination(
                            "*.far:*",
                            new RetryPolicy(
                                Duration.ofMinutes(1),
                                0,
                                Duration.ZERO,
                                0,
                                Duration.ofSeconds(7)))))));
    assertThat(config.engine().toEngineConfig().lease()).isEqualTo(Duration.ofSeconds(11));
    assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(19));
    assertThat(config.branch().limits())
        .isEqualTo(new DestinationLimits(20, 30, 21, 31, Duration.ofSeconds(32), 33));
    assertThat(config.branch().localhostIsHost()).isTrue();
    assertThat(config.branch().proxies().http()).contains(URI.create("http://proxy:3128"));
    assertThat(config.alert().retryLimit()).isEqualTo(22);
    assertThat(config.alert().url()).contains(URI.create("http://chat/hook"));
    assertThat(config.alert().timeout()).isEqualTo(Duration.ofSeconds(14));
    assertThat(config.store()).isEqualTo(new StoreConfig.RocksDb(Path.of("/data")));
    assertThat(config.log())
        .isEqualTo(new LogConfig("warn", List.of("stdout", "/var/log/dtm.log")));
  }

  @ParameterizedTest
  @CsvSource({
    "RETRY_INTERVAL, 9, RetryInterval should not be less than 10",
    "TIMEOUT_TO_FAIL, 9, TimeoutToFail should not be less than RetryInterval",
    "RETRY_INTERVAL_MAX, 9, RetryIntervalMax should not be less than RetryInterval",
    "TIME_ZONE_OFFSET, Europe/Berlin, 'not an offset (expected: -18 to +18, such as +8)'",
    "TIME_ZONE_OFFSET, +19, 'not an offset (expected: -18 to +18, such as +8)'",
    "LOG_OUTPUTS, ',', outputs: none (expected: at least one)",
  })
  void settingsThatDoNotGoTogetherStopTheStart(String name, String value, String message) {
    assertThatThrownBy(() -> config(Map.of(name, value)))
        .isInstanceOf(ConfigInvalid.class)
        .message()
        .startsWith(message)
        .contains(value + " (from environment " + name + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://chat/secret", "http://not a url/secret"})
  void aBadWebHookIsReportedWithoutItsAddress(String url) {
    assertThatThrownBy(() -> config(Map.of("ALERT_WEB_HOOK", url)))
        .isInstanceOf(ConfigInvalid.class)
        .message()
        .contains("AlertWebHook: *** (from environment ALERT_WEB_HOOK)")
        .doesNotContain("secret");
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    assertThatThrownBy(() ->
            config(Map.of("RETRY_INTERVAL", "9", "HTTP_PROXY", "ftp://x", "LOG_OUTPUTS", ",")))
        .isInstanceOfSatisfying(ConfigInvalid.class, e -> assertThat(e.problems()).hasSize(3));
  }

  @Test
  void partsCheckThemselves() {
    assertThatThrownBy(() -> new LogConfig("info", List.of()))
        .hasMessage("outputs: none (expected: at least one)");
  }

  private static StoreConfig store(String... settings) {
    var environment = new HashMap<String, String>();
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    return config(environment).store();
  }

  @Test
  void theReferencesKeysNameADatabaseServer() {
    var store =
        store(
            "STORE_DRIVER", "mysql",
            "STORE_HOST", "db",
            "STORE_PORT", "3307",
            "STORE_USER", "dtm",
            "STORE_PASSWORD", "p@ss:w/rd",
            "STORE_DB", "orders",
            "STORE_MAX_OPEN_CONNS", "9",
            "STORE_REQUEST_TIMEOUT", "4");

    var jdbc = ((StoreConfig.Sql) store).jdbc();
    assertThat(jdbc.url()).startsWith("jdbc:mariadb://db:3307/orders?");
    assertThat(jdbc.user()).isEqualTo("dtm");
    assertThat(jdbc.password()).isEqualTo("p@ss:w/rd");
    assertThat(jdbc.connectionsMax()).isEqualTo(9);
    assertThat(jdbc.connectionsIdle()).isEqualTo(9);
    assertThat(jdbc.requestTimeout()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void everyServerHasItsUsualPort() {
    assertThat(store("STORE_DRIVER", "mysql", "STORE_HOST", "db").describe())
        .contains("db:3306/dtm");
    assertThat(store("STORE_DRIVER", "postgres", "STORE_HOST", "db").describe())
        .contains("db:5432/dtm");
    assertThat(store("STORE_DRIVER", "sqlserver", "STORE_HOST", "db").describe())
        .contains("db:1433");
    assertThat(store("STORE_DRIVER", "redis", "STORE_HOST", "db").describe()).contains("db:6379");
    assertThat(store("STORE_DRIVER", "mongodb", "STORE_HOST", "db").describe())
        .contains("db:27017");
  }

  @Test
  void severalHostsAreARedisCluster() {
    var store = store("STORE_DRIVER", "redis", "STORE_HOST", "a:1,b:2", "STORE_PORT", "6379");

    assertThat(store.describe()).contains("a:1").contains("b:2");
  }

  @Test
  void aUrlTakesThePlaceOfAllThat() {
    var store = store("STORE_URL", "rocksdb:/data/dtm", "STORE_DRIVER", "memory");

    assertThat(store).isEqualTo(new StoreConfig.RocksDb(Path.of("/data/dtm")));
  }

  @Test
  void aDatabaseServerNeedsAHost() {
    assertThatThrownBy(() -> store("STORE_DRIVER", "redis"))
        .isInstanceOf(ConfigInvalid.class)
        .hasMessageContaining("no Store.Host (expected: the host of the redis server)");
  }

  @Test
  void aBadUrlIsReportedWithoutIt() {
    assertThatThrownBy(() -> store("STORE_URL", "oracle://u:secret@db/dtm"))
        .isInstanceOf(ConfigInvalid.class)
        .hasMessageContaining("oracle")
        .hasMessageNotContaining("secret");
  }

  @Test
  void retentionFollowsTheStoreAndTheStatus() {
    var redis =
        config(Map.of("STORE_DRIVER", "redis", "STORE_HOST", "db", "STORE_DATA_EXPIRE", "5"));
    assertThat(redis.engine().retention()).isEqualTo(RetentionPeriods.same(Duration.ofDays(1)));

    var rocksDb = config(Map.of("STORE_DATA_EXPIRE", "5", "STORE_FAILED_DATA_EXPIRE", "0"));
    assertThat(rocksDb.engine().retention())
        .isEqualTo(new RetentionPeriods(Duration.ofSeconds(5), Duration.ZERO));
  }

  /**
   * Whatever way a server or `./dtm move` is told of one Redis, they have to find the same keys.
   */
  @Test
  void theKeysInRedisBeginAlikeHoweverItIsTold() {
    assertThat(store("STORE_DRIVER", "redis", "STORE_HOST", "db", "STORE_PORT", "6379"))
        .isEqualTo(store("STORE_URL", "redis://db:6379"));
    assertThat(store("STORE_DRIVER", "redis", "STORE_HOST", "db:6379", "STORE_REDIS_PREFIX", "{b}"))
        .isEqualTo(store("STORE_URL", "redis://db:6379?prefix=b:"));
  }
}
