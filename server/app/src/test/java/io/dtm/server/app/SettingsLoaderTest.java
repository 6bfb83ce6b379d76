package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsLoaderTest {
  @TempDir private Path folder = Path.of(".");

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("conf.yml"), yaml);
  }

  private EffectiveSettings load(String yaml, Map<String, String> environment) throws IOException {
    return SettingsLoader.load(Optional.of(file(yaml)), environment);
  }

  private static EffectiveSettings load(Map<String, String> environment) {
    return SettingsLoader.load(Optional.empty(), environment);
  }

  @Test
  void everythingHasADefault() {
    var settings = load(Map.of());

    assertThat(settings.warnings()).isEmpty();
    assertThat(Settings.all())
        .allSatisfy(setting ->
            assertThat(settings.value(setting))
                .isEqualTo(
                    new EffectiveSettings.Value(setting.defaultValue(), new Origin.Default())));
  }

  static Stream<Setting> everySetting() {
    return Settings.all().stream();
  }

  /** A value that differs from the default. */
  private static String another(Setting setting) {
    return switch (setting.type()) {
      case SettingType.Text ignored -> "something";
      case SettingType.WholeNumber number -> String.valueOf(Math.min(4711, number.max()));
      case SettingType.Choice choice -> choice.values().getLast();
    };
  }

  @ParameterizedTest
  @MethodSource("everySetting")
  void everySettingCanBeSetInTheFile(Setting setting) throws IOException {
    var value = another(setting);
    var yaml = setting.key().replace(".", ":\n  ") + ": '" + value + "'\n";

    var settings = load(yaml, Map.of());

    assertThat(settings.text(setting)).isEqualTo(value);
    assertThat(settings.value(setting).origin()).isInstanceOf(Origin.Line.class);
    assertThat(settings.warnings()).hasSize(setting.hasEffect() ? 0 : 1);
  }

  @ParameterizedTest
  @MethodSource("everySetting")
  void everySettingCanBeSetInTheEnvironmentWhichWins(Setting setting) throws IOException {
    var value = another(setting);
    var yaml = setting.key().replace(".", ":\n  ") + ": " + setting.defaultValue() + "\n";

    var settings =
        setting.defaultValue().contains("{")
            ? load(Map.of(setting.environmentName(), value))
            : load(yaml, Map.of(setting.environmentName(), value));

    assertThat(settings.text(setting)).isEqualTo(value);
    assertThat(settings.value(setting).origin())
        .isEqualTo(new Origin.Variable(setting.environmentName()));
  }

  @Test
  void anEmptyVariableCountsAsUnset() throws IOException {
    var settings = load("HttpPort: 80", Map.of("HTTP_PORT", ""));

    assertThat(settings.text(Settings.HTTP_PORT)).isEqualTo("80");
  }

  @Test
  void quotedNumbersCommentsAndEmptySectionsAreFine() throws IOException {
    var settings =
        load(
            """
            # all of it optional
            Store: # nothing below
            MicroService:
              # Target: etcd
            HttpPort: '8080'
            RetryInterval: "20"
            LogLevel:
            """,
            Map.of());

    assertThat(settings.number(Settings.HTTP_PORT)).isEqualTo(8080);
    assertThat(settings.number(Settings.RETRY_INTERVAL)).isEqualTo(20);
    assertThat(settings.text(Settings.LOG_LEVEL)).isEqualTo("info");
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void anEmptyFileIsFine() throws IOException {
    assertThat(load("# nothing\n", Map.of()).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HtpPort, HttpPort",
    "httpport, HttpPort",
    "RetryIntervall, RetryInterval",
    "AlertWebhook, AlertWebHook",
  })
  void anUnknownKeyNamesTheNearest(String key, String nearest) {
    assertThatThrownBy(() -> load("LogLevel: info\n" + key + ": 1\n", Map.of()))
        .isInstanceOf(ConfigInvalid.class)
        .hasMessage("%s/conf.yml:2: %s: unknown key; did you mean %s?", folder, key, nearest);
  }

  @Test
  void anUnknownKeyBelowASectionNamesTheNearest() {
    assertThatThrownBy(() -> load("Store:\n  DataDirectory: x\n", Map.of()))
        .hasMessage(
            "%s/conf.yml:2: Store.DataDirectory: unknown key; did you mean Store.DataDir?", folder);
  }

  @Test
  void aKeyLikeNoOtherIsJustUnknown() {
    assertThatThrownBy(() -> load("Zzz: x\n", Map.of()))
        .hasMessage("%s/conf.yml:1: Zzz: unknown key", folder);
  }

  @Test
  void aBadValueSaysWhereItCameFromAndWhatIsExpected() {
    assertThatThrownBy(() -> load("LogLevel: loud", Map.of("HTTP_PORT", "tcp://10.0.0.1:80")))
        .isInstanceOf(ConfigInvalid.class)
        .hasMessage(
            "HttpPort: tcp://10.0.0.1:80 (expected: a whole number from 0 to 65535), from"
                + " environment HTTP_PORT\n"
                + "LogLevel: loud (expected: debug or info or warn or error), from"
                + " %s/conf.yml:1",
            folder);
  }

  @Test
  void anUnknownStoreStopsTheStart() {
    assertThatThrownBy(() -> load(Map.of("STORE_DRIVER", "oracle")))
        .hasMessage(
            "Store.Driver: oracle (expected: rocksdb or boltdb or memory or mysql or postgres or"
                + " sqlserver or redis or mongodb), from environment STORE_DRIVER");
  }

  @Test
  void aMicroServiceDriverStopsTheStart() {
    assertThatThrownBy(() -> load("MicroService:\n  Driver: dtm-driver-gozero\n", Map.of()))
        .hasMessage(
            "MicroService.Driver: dtm-driver-gozero (expected: default; service discovery is not"
                + " available in this version), from %s/conf.yml:2",
            folder);
  }

  @Test
  void whatHasNoEffectIsAcceptedWithAWarning() throws IOException {
    var settings = load("UpdateBranchSync: 0\n", Map.of("JSON_RPC_PORT", "1"));

    assertThat(settings.warnings())
        .containsExactly(
            "JsonRpcPort has no effect: not used by DTM either (set by environment JSON_RPC_PORT)",
            "UpdateBranchSync has no effect: results of branches are always stored in groups, and"
                + " none is ever lost (set by %s/conf.yml:1)".formatted(folder));
  }

  @Test
  void secretsAreMasked() {
    var settings =
        load(
            Map.of(
                "ALERT_WEB_HOOK", "https://chat/secret",
                "STORE_URL", "mysql://u:secret@db/dtm",
                "STORE_PASSWORD", "secret"));

    assertThat(Settings.all())
        .extracting(settings::shown)
        .noneMatch(shown -> shown.contains("secret"));
    assertThat(settings.shown(Settings.ALERT_WEB_HOOK)).isEqualTo("***");
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereStopsTheStart() {
    var missing = folder.resolve("missing.yml");

    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(missing), Map.of()))
        .hasMessage("%s: no such file", missing);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HttpPort: [80, 81] | HttpPort: a list (expected: one value)",
        "just text | just text (expected: keys and values)",
        "HttpPort: 'open | not YAML",
      })
  void aFileOfAnotherShapeStopsTheStart(String yaml, String problem) {
    assertThatThrownBy(() -> load(yaml, Map.of()))
        .isInstanceOf(ConfigInvalid.class)
        .message()
        .contains("conf.yml:1: ", problem);
  }

  @Test
  void aKeyThatStandsThereTwiceStopsTheStart() {
    assertThatThrownBy(() -> load("HttpPort: 1\nHttpPort: 2\n", Map.of()))
        .isInstanceOf(ConfigInvalid.class)
        .message()
        .contains("conf.yml:2");
  }
}
