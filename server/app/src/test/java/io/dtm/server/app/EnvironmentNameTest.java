package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentNameTest {
  @ParameterizedTest
  @CsvSource({
    "MicroService.EndPoint, MICRO_SERVICE_END_POINT",
    "Store.MaxOpenConns, STORE_MAX_OPEN_CONNS",
    "Store.ConnMaxLifeTime, STORE_CONN_MAX_LIFE_TIME",
    "Store.Db, STORE_DB",
    "Store.DataDir, STORE_DATA_DIR",
    "HttpPort, HTTP_PORT",
    "JsonRpcPort, JSON_RPC_PORT",
    "Log.RotationConfigJSON, LOG_ROTATION_CONFIG_JSON",
    "AlertWebHook, ALERT_WEB_HOOK",
    "TimeZoneOffset, TIME_ZONE_OFFSET",
    "UpdateBranchAsyncGoroutineNum, UPDATE_BRANCH_ASYNC_GOROUTINE_NUM",
    "LogLevel, LOG_LEVEL",
    "MyHTTPServer, MY_HTTP_SERVER",
  })
  void followsTheRuleOfTheReference(String key, String name) {
    assertThat(EnvironmentName.of(key)).isEqualTo(name);
  }
}
