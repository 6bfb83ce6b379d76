package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as its users start it: a process of its own. */
@Timeout(120)
class ServerCommandTest {
  private static final int KILLED_BY_SIGTERM = 143;

  @TempDir private Path folder = Path.of(".");

  private Process start(Map<String, String> environment) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
            List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.dtm.cli.Main",
                "server"));
    builder.environment().put("STORE_DATA_DIR", folder.toString());
    builder.environment().put("BIND_HOST", "127.0.0.1");
    builder.environment().put("GRPC_PORT", "0");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void saysWhenItIsReadyAndEndsWhenItIsTold() throws Exception {
    var process = start(Map.of("HTTP_PORT", "0"));
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      var ready = out.readLine();

      assertThat(ready)
          .contains("is ready: http://127.0.0.1:")
          .contains("store rocksdb in " + folder)
          .endsWith("pid " + process.pid());
      assertThat(ping(ready)).contains("pong");

      // Unlike Process.destroy() this leaves the streams open.
      process.toHandle().destroy();

      assertThat(rest(out)).containsExactly("dtm-java is stopping", "dtm-java has stopped");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(KILLED_BY_SIGTERM);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String ping(String ready) throws IOException {
    var base = ready.replaceAll(".*(http://[^,]*),.*", "$1");
    try (var in = URI.create(base + "/api/ping").toURL().openStream()) {
      return text(in);
    }
  }

  private static List<String> rest(BufferedReader out) {
    return out.lines().toList();
  }

  @Test
  void aTakenPortEndsItWithOneLine() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var process = start(Map.of("HTTP_PORT", String.valueOf(taken.getLocalPort())));

      assertThat(text(process.getInputStream())).isEmpty();
      assertThat(text(process.getErrorStream()))
          .contains("dtm: port " + taken.getLocalPort(), "HttpPort", "HTTP_PORT", "in use")
          .doesNotContain("\tat ");
      assertThat(process.waitFor()).isOne();
    }
  }

  @Test
  void aFolderInUseEndsItWithOneLine() throws Exception {
    var first = start(Map.of("HTTP_PORT", "0"));
    try (var out = first.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).contains("is ready");

      var second = start(Map.of("HTTP_PORT", "0"));

      assertThat(text(second.getErrorStream()))
          .contains(folder.toString(), "in use", "STORE_DATA_DIR")
          .doesNotContain("\tat ");
      assertThat(second.waitFor()).isOne();
    } finally {
      first.destroyForcibly();
    }
  }
}
