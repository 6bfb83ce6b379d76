package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path folder = Path.of(".");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Map<String, String> environment, String... arguments) {
    return Main.commandLine(environment)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "-v", "--version"})
  void printsTheVersion(String argument) {
    assertThat(run(Map.of(), argument)).isZero();
    assertThat(out.toString()).startsWith("dtm version: ").contains("0.").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "-h", "--help"})
  void helpNamesEveryCommand(String argument) {
    assertThat(run(Map.of(), argument)).isZero();
    assertThat(out.toString())
        .contains(
            "server", "config", "quickstart", "parked", "resume", "verify", "version", "help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"srver", "--wrong", "config --wrong", "server extra"})
  void whatIsNotUnderstoodEndsWithTwo(String line) {
    assertThat(run(Map.of(), line.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).isNotEmpty();
  }

  @Test
  void withoutACommandItShowsHowItIsUsed() {
    assertThat(run(Map.of())).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: dtm");
  }

  @Test
  void configPrintsEveryValueAndWhereItCameFrom() throws IOException {
    var file = Files.writeString(folder.resolve("conf.yml"), "RequestTimeout: 7\n");
    var environment = Map.of("HTTP_PORT", "8080", "ALERT_WEB_HOOK", "http://chat/secret");

    var code = run(environment, "config", "-c", file.toString());

    assertThat(code).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^HttpPort +8080 +environment HTTP_PORT$")
        .containsPattern("(?m)^RequestTimeout +7 +.*conf.yml:1$")
        .containsPattern("(?m)^RetryInterval +10 +default$")
        .containsPattern("(?m)^AlertWebHook +\\*\\*\\* +environment ALERT_WEB_HOOK$")
        .doesNotContain("secret", "JsonRpcPort");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void configWarnsOfWhatHasNoEffect() {
    assertThat(run(Map.of("JSON_RPC_PORT", "1"), "config")).isZero();
    assertThat(out.toString()).containsPattern("(?m)^JsonRpcPort +1 +environment JSON_RPC_PORT$");
    assertThat(err.toString()).startsWith("dtm: JsonRpcPort has no effect: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config", "server"})
  void aConfigurationThatCannotBeUsedEndsWithOne(String command) {
    assertThat(run(Map.of("RETRY_INTERVAL", "5", "STORE_DRIVER", "memory"), command)).isOne();
    assertThat(err.toString())
        .contains("RetryInterval should not be less than 10")
        .doesNotContain("\tat ");
  }

  @Test
  void aConfigurationFileThatIsNotThereEndsWithOne() {
    assertThat(run(Map.of(), "server", "-c", folder.resolve("none.yml").toString())).isOne();
    assertThat(err.toString()).contains("none.yml: no such file").doesNotContain("\tat ");
  }
}
