package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  /** Every key of the reference. */
  private static final List<String> REFERENCE_KEYS =
      List.of(
          "Store.Driver",
          "Store.Host",
          "Store.Port",
          "Store.User",
          "Store.Password",
          "Store.Db",
          "Store.Schema",
          "Store.MaxOpenConns",
          "Store.MaxIdleConns",
          "Store.ConnMaxLifeTime",
          "Store.DataExpire",
          "Store.FinishedDataExpire",
          "Store.RedisPrefix",
          "TransCronInterval",
          "TimeoutToFail",
          "RetryInterval",
          "RequestTimeout",
          "HttpPort",
          "GrpcPort",
          "JsonRpcPort",
          "MicroService.Driver",
          "MicroService.Target",
          "MicroService.EndPoint",
          "HttpMicroService.Driver",
          "HttpMicroService.RegistryType",
          "HttpMicroService.RegistryAddress",
          "HttpMicroService.RegistryOptions",
          "HttpMicroService.Target",
          "HttpMicroService.EndPoint",
          "UpdateBranchSync",
          "UpdateBranchAsyncGoroutineNum",
          "LogLevel",
          "Log.Outputs",
          "Log.RotationEnable",
          "Log.RotationConfigJSON",
          "TimeZoneOffset",
          "ConfigUpdateInterval",
          "AlertRetryLimit",
          "AlertWebHook",
          "AdminBasePath",
          "GrpcServiceConfig");

  @Test
  void knowsEveryKeyOfTheReference() {
    var known = Settings.all().stream().filter(s -> !s.isOwn()).map(Setting::key);

    assertThat(known).containsExactlyInAnyOrderElementsOf(REFERENCE_KEYS);
  }

  @Test
  void noTwoSettingsShareAKeyOrAVariable() {
    assertThat(Settings.all()).extracting(Setting::key).doesNotHaveDuplicates();
    assertThat(Settings.all()).extracting(Setting::environmentName).doesNotHaveDuplicates();
  }

  @Test
  void everyDefaultFitsItsType() {
    assertThat(Settings.all()).allMatch(setting -> setting.type().accepts(setting.defaultValue()));
  }

  @Test
  void secretsAreKnown() {
    assertThat(Settings.all().stream().filter(Setting::isSecret))
        .extracting(Setting::key)
        .containsExactlyInAnyOrder("Store.Url", "Store.Password", "AlertWebHook");
  }

  @ParameterizedTest
  @CsvSource({
    "HttpPort, 36789",
    "TransCronInterval, 3",
    "TimeoutToFail, 35",
    "RetryInterval, 10",
    "RequestTimeout, 3",
    "AlertRetryLimit, 3",
    "Store.DataExpire, 604800",
    "LogLevel, info",
    "Log.Outputs, stderr",
    "MicroService.Driver, default",
  })
  void defaultsAreThoseOfTheReference(String key, String value) {
    assertThat(Settings.find(key)).map(Setting::defaultValue).contains(value);
  }
}
